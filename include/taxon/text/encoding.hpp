#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace taxon::text {

/// A text, or a pair, as a network over tokens takes it: three lists of one length.
struct Encoding {
    std::vector<std::int32_t> ids;
    /// 0: [CLS], the first text and its [SEP]; 1: the second text and its [SEP]; padding is 0
    std::vector<std::int32_t> token_type_ids;
    std::vector<std::int32_t> attention_mask;  ///< 1 for tokens, 0 for padding

    std::size_t left_out = 0;  ///< tokens that there was no room for

    std::size_t size() const { return ids.size(); }
    bool operator==(const Encoding&) const = default;
};

/// Fills up with `pad` to `length` tokens. One that is longer already stays as it is.
inline void pad_to(Encoding& encoding, std::size_t length, std::int32_t pad) {
    const std::size_t wanted = std::max(length, encoding.size());
    encoding.ids.resize(wanted, pad);
    encoding.token_type_ids.resize(wanted, 0);
    encoding.attention_mask.resize(wanted, 0);
}

/// How many tokens two texts of `first` and `second` keep where there is room for `room`: tokens go from the end of the
/// longer one until all fit. If both are cut to the half of an odd number, the one that was longer keeps one more, and
/// the second if they were alike: Hugging Face's "longest_first".
constexpr std::pair<std::size_t, std::size_t> longest_first(std::size_t first, std::size_t second, std::size_t room) {
    if (first + second <= room) return {first, second};
    const std::size_t less = room / 2, more = room - less;
    if (first > second) return second <= less ? std::pair{room - second, second} : std::pair{more, less};
    return first <= less ? std::pair{first, room - first} : std::pair{less, more};
}

}  // namespace taxon::text
