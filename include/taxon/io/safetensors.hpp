#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/number/element.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/safetensors_header.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// An element type by its name in safetensors. `element` is empty for types that the library does not compute with.
struct SafetensorsType {
    std::string_view name;
    std::uint64_t bits;
    std::optional<Element> element;
};

/// In the order in which the safetensors library sorts tensors when it writes, smallest alignment first.
inline constexpr SafetensorsType safetensors_types[] = {
    {"BOOL", 8, Element::boolean},
    {"F4", 4, {}},
    {"F6_E2M3", 6, {}},
    {"F6_E3M2", 6, {}},
    {"U8", 8, Element::uint8},
    {"I8", 8, Element::int8},
    {"F8_E5M2", 8, {}},
    {"F8_E4M3", 8, {}},
    {"F8_E8M0", 8, {}},
    {"F8_E4M3FNUZ", 8, {}},
    {"F8_E5M2FNUZ", 8, {}},
    {"I16", 16, Element::int16},
    {"U16", 16, {}},
    {"F16", 16, Element::float16},
    {"BF16", 16, Element::bfloat16},
    {"I32", 32, Element::int32},
    {"U32", 32, {}},
    {"F32", 32, Element::float32},
    {"C64", 64, {}},
    {"F64", 64, Element::float64},
    {"I64", 64, Element::int64},
    {"U64", 64, {}},
};

/// A safetensors file: header length, header (JSON), and tensor data that fills the rest without gaps or overlaps.
class Safetensors {
  public:
    /// Views into the file. The format has no checksums, so `verified` is false.
    static StoredTensors read(std::span<const std::byte> file) {
        constexpr std::uint64_t longest_header = 100'000'000;
        ByteReader reader(file, "safetensors header");
        const auto length = reader.little<std::uint64_t>();
        if (length > longest_header)
            fail(Fault::limit, {}, "a header of " + std::to_string(length) + " bytes", "at most 100,000,000");
        SafetensorsHeader header = SafetensorsHeaderParser::parse(as_text(reader.take(length)));
        const auto data = reader.take(reader.left());
        check_names(header.entries);
        check_layout(header.entries, data.size());

        StoredTensors stored;
        stored.tensors.reserve(header.entries.size());
        for (const SafetensorsEntry& entry : header.entries)
            stored.tensors.push_back({entry.name, element_of(entry), entry.shape,
                                      data.subspan(static_cast<std::size_t>(entry.begin),
                                                   static_cast<std::size_t>(entry.end - entry.begin))});
        stored.metadata = std::move(header.metadata);
        return stored;
    }

  private:
    static void check_names(const std::vector<SafetensorsEntry>& entries) {
        std::vector<std::string_view> names;
        names.reserve(entries.size());
        for (const SafetensorsEntry& entry : entries) names.push_back(entry.name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) fail(Fault::duplicate, *twice, "two tensors of this name", "one");
    }

    /// Sorted by offset, tensors must be contiguous from the first byte to the last.
    static void check_layout(const std::vector<SafetensorsEntry>& entries, std::uint64_t data_bytes) {
        std::vector<const SafetensorsEntry*> order;
        order.reserve(entries.size());
        for (const SafetensorsEntry& entry : entries) order.push_back(&entry);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
            return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
        });
        std::uint64_t free = 0;
        for (const SafetensorsEntry* entry : order) {
            const std::string bytes = "bytes " + std::to_string(entry->begin) + " to " + std::to_string(entry->end);
            const std::uint64_t wanted = byte_count(*entry);
            if (entry->begin > entry->end) fail(Fault::bounds, entry->name, bytes, "begin before end");
            const bool fits = entry->end - entry->begin == wanted;
            if (entry->end > data_bytes && !(fits && entry->begin == free))
                fail(Fault::bounds, entry->name, bytes, "within the file's " + std::to_string(data_bytes));
            if (entry->begin != free)
                fail(Fault::overlap, entry->name, bytes,
                     "a start at byte " + std::to_string(free) + ", where the tensor before ends");
            if (!fits)
                fail(Fault::mismatch, entry->name, bytes,
                     std::to_string(wanted) + " for " + entry->type + " " + to_string(entry->shape));
            if (entry->end > data_bytes)
                fail(Fault::truncated, entry->name, std::to_string(data_bytes) + " bytes of tensors", bytes,
                     "fetch the file again");
            free = entry->end;
        }
        if (free != data_bytes)
            fail(Fault::unused, {}, std::to_string(data_bytes - free) + " bytes after the tensors", "nothing");
    }

    static const SafetensorsType& type_of(const SafetensorsEntry& entry) {
        for (const SafetensorsType& type : safetensors_types)
            if (type.name == entry.type) return type;
        fail(Fault::element, entry.name, "dtype '" + entry.type.substr(0, 32) + "'",
             "one that safetensors knows, such as F32");
    }

    static Element element_of(const SafetensorsEntry& entry) {
        const SafetensorsType& type = type_of(entry);
        if (!type.element)
            fail(Fault::unsupported, entry.name, "dtype " + entry.type, "float, half, bfloat16, integers or bool",
                 "convert it before it is saved");
        return *type.element;
    }

    static std::uint64_t byte_count(const SafetensorsEntry& entry) {
        const std::uint64_t bits_each = type_of(entry).bits;
        std::uint64_t bits = 0;
        if (__builtin_mul_overflow(element_count(entry.shape), bits_each, &bits))
            fail(Fault::overflow, entry.name, to_string(entry.shape), "less than 2^64 bits");
        if (bits % 8 != 0) fail(Fault::shape, entry.name, to_string(entry.shape) + " of " + entry.type, "whole bytes");
        return bits / 8;
    }

    [[noreturn]] static void fail(Fault fault, std::string_view name, std::string found, std::string wanted,
                                  std::string remedy = {}) {
        throw Error(fault, {.place = name.empty() ? std::string("safetensors") : "tensor '" + std::string(name) + "'",
                            .found = std::move(found),
                            .wanted = std::move(wanted),
                            .remedy = std::move(remedy)});
    }
};

}  // namespace taxon::io
