#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace taxon::text {

/// A tokenized text or pair, ready for a network: three lists of equal length.
struct Encoding {
    std::vector<std::int32_t> ids;
    /// 0: [CLS], the first text and its [SEP]; 1: the second text and its [SEP]; padding is 0
    std::vector<std::int32_t> token_type_ids;
    std::vector<std::int32_t> attention_mask;  ///< 1 for tokens, 0 for padding

    std::size_t left_out = 0;  ///< tokens that were truncated

    std::size_t size() const { return ids.size(); }
    bool operator==(const Encoding&) const = default;
};

/// Pads with `pad` to `length` tokens. A longer encoding is left unchanged.
inline void pad_to(Encoding& encoding, std::size_t length, std::int32_t pad) {
    const std::size_t wanted = std::max(length, encoding.size());
    encoding.ids.resize(wanted, pad);
    encoding.token_type_ids.resize(wanted, 0);
    encoding.attention_mask.resize(wanted, 0);
}

/// Lengths that two texts of `first` and `second` tokens are truncated to so that both fit in `room`: tokens are
/// removed from the end of the longer one until they fit. If an odd number has to be split, the longer text keeps one
/// more, or the second if they were equal: Hugging Face's "longest_first".
constexpr std::pair<std::size_t, std::size_t> longest_first(std::size_t first, std::size_t second, std::size_t room) {
    if (first + second <= room) return {first, second};
    const std::size_t less = room / 2, more = room - less;
    if (first > second) return second <= less ? std::pair{room - second, second} : std::pair{more, less};
    return first <= less ? std::pair{first, room - first} : std::pair{less, more};
}

}  // namespace taxon::text
