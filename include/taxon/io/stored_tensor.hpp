#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <taxon/number/element.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/module_facts.hpp>
#include <taxon/core/weight_source.hpp>
#include <vector>

namespace taxon::io {

/// A named tensor as stored in a file: `bytes` are dense, row-major and little-endian, at any alignment.
struct StoredTensor {
    std::string name;
    Element element = Element::float32;
    Dimensions shape;
    std::span<const std::byte> bytes;
};

/// The tensors that a reader found in a file. Most are views into the file's bytes, which must outlive this.
struct StoredTensors {
    std::vector<StoredTensor> tensors;
    std::vector<std::unique_ptr<std::byte[]>> gathered;  ///< storage of tensors that could not be views
    ModuleFacts facts{};                                 ///< of a pickled module
    std::map<std::string, std::string> metadata{};       ///< of a safetensors file
    std::string choice{};   ///< what was taken where a checkpoint has several state dicts, human-readable; else empty
    bool verified = false;  ///< the file has checksums, and they match
};

/// The number of elements, or nothing beyond 2^63. Any 0 makes it 0. No size may be negative.
inline std::optional<std::uint64_t> checked_element_count(std::span<const std::int64_t> shape) {
    for (const std::int64_t size : shape)
        if (size == 0) return 0;
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        if (__builtin_mul_overflow(count, size, &count)) return std::nullopt;
    return static_cast<std::uint64_t>(count);
}

/// The same; throws Fault::overflow beyond 2^63.
inline std::uint64_t element_count(std::span<const std::int64_t> shape) {
    const std::optional<std::uint64_t> count = checked_element_count(shape);
    if (!count) throw Error(Fault::overflow, {.found = "a shape of more than 2^63 elements"});
    return *count;
}

/// "(16, 3, 3, 3)", for messages.
inline std::string to_string(std::span<const std::int64_t> shape) {
    constexpr std::size_t most = 16;  // of a tensor's dimensions; a list of others may be long
    std::string text = "(";
    for (const std::int64_t size : shape.first(std::min(shape.size(), most)))
        text.append(text.size() > 1 ? ", " : "").append(std::to_string(size));
    return text + (shape.size() > most ? ", … " + std::to_string(shape.size()) + " in all)" : ")");
}

}  // namespace taxon::io
