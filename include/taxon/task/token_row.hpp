#pragma once
#include <cstddef>
#include <taxon/text/encoding.hpp>
#include <vector>

namespace taxon::task {

/// One tokenized text: an id and a type per token, without padding.
using TokenRow = std::vector<float>;

inline constexpr std::size_t token_features = 2;

/// Replaces the contents of the row.
inline void assign(TokenRow& row, const text::Encoding& encoding) {
    row.clear();
    for (std::size_t i = 0; i < encoding.size(); ++i) {
        row.push_back(static_cast<float>(encoding.ids[i]));
        row.push_back(static_cast<float>(encoding.token_type_ids[i]));
    }
}

}  // namespace taxon::task
