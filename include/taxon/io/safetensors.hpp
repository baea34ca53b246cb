#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/safetensors_header.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// A safetensors file: header length, header (JSON), and tensor data that fills the rest without gaps or overlaps.
class Safetensors {
  public:
    /// Views into the file. The format has no checksums, so `verified` is false.
    static StoredTensors read(std::span<const std::byte> file, const Limits& limits = {}) {
        ByteReader reader(file, "safetensors header");
        const auto length = reader.little<std::uint64_t>();
        if (length > limits.header_bytes)
            fail(Fault::limit, {}, "a header of " + std::to_string(length) + " bytes",
                 "at most " + std::to_string(limits.header_bytes));
        SafetensorsHeader header = SafetensorsHeaderParser::parse(as_text(reader.take(length)), limits);
        const auto data = reader.take(reader.left());
        check_names(header.entries);
        check_layout(header.entries, data.size());

        StoredTensors stored;
        stored.tensors.reserve(header.entries.size());
        for (; !header.entries.empty(); header.entries.pop_front()) {  // never both in memory
            SafetensorsEntry& entry = header.entries.front();
            const Element element = element_of(entry);
            stored.tensors.push_back({std::move(entry.name), element, std::move(entry.shape),
                                      data.subspan(static_cast<std::size_t>(entry.begin),
                                                   static_cast<std::size_t>(entry.end - entry.begin))});
        }
        stored.metadata = std::move(header.metadata);
        return stored;
    }

  private:
    static void check_names(const std::deque<SafetensorsEntry>& entries) {
        std::vector<std::string_view> names;
        names.reserve(entries.size());
        for (const SafetensorsEntry& entry : entries) names.push_back(entry.name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) fail(Fault::duplicate, *twice, "two tensors of this name", "one");
    }

    /// Sorted by offset, tensors must be contiguous from the first byte to the last.
    static void check_layout(const std::deque<SafetensorsEntry>& entries, std::uint64_t data_bytes) {
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
                     std::to_string(wanted) + " for " + std::string(entry->type->name) + " " + to_string(entry->shape));
            if (entry->end > data_bytes)
                fail(Fault::truncated, entry->name, std::to_string(data_bytes) + " bytes of tensors", bytes,
                     "fetch the file again");
            free = entry->end;
        }
        if (free != data_bytes)
            fail(Fault::unused, {}, std::to_string(data_bytes - free) + " bytes after the tensors", "nothing");
    }

    static Element element_of(const SafetensorsEntry& entry) {
        if (!entry.type->element)
            fail(Fault::unsupported, entry.name, "dtype " + std::string(entry.type->name),
                 "float, half, bfloat16, integers or bool", "convert it before it is saved");
        return *entry.type->element;
    }

    static std::uint64_t byte_count(const SafetensorsEntry& entry) {
        const std::uint64_t bits_each = entry.type->bits;
        std::uint64_t bits = 0;
        if (__builtin_mul_overflow(element_count(entry.shape), bits_each, &bits))
            fail(Fault::overflow, entry.name, to_string(entry.shape), "less than 2^64 bits");
        if (bits % 8 != 0)
            fail(Fault::shape, entry.name, to_string(entry.shape) + " of " + std::string(entry.type->name),
                 "whole bytes");
        return bits / 8;
    }

    [[noreturn]] static void fail(Fault fault, std::string_view name, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.place = name.empty() ? std::string("safetensors") : "tensor '" + std::string(name) + "'",
                            .found = found,
                            .wanted = wanted,
                            .remedy = remedy});
    }
};

}  // namespace taxon::io
