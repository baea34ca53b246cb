#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
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
        check_names(header.tensors);
        check_layout(header, data.size());
        for (std::size_t i = 0; i < header.tensors.size(); ++i) {
            const auto& [type, begin, end] = header.places[i];
            header.tensors[i].element = element_of(header.tensors[i], *type);
            header.tensors[i].bytes =
                data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
        }
        StoredTensors stored;
        stored.tensors = std::move(header.tensors);
        stored.metadata = std::move(header.metadata);
        return stored;
    }

  private:
    static void check_names(const std::vector<StoredTensor>& tensors) {
        std::vector<std::string_view> names;
        names.reserve(tensors.size());
        for (const StoredTensor& tensor : tensors) names.push_back(tensor.name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) fail(Fault::duplicate, *twice, "two tensors of this name", "one");
    }

    /// Sorted by offset, tensors must be contiguous from the first byte to the last.
    static void check_layout(const SafetensorsHeader& header, std::uint64_t data_bytes) {
        std::vector<const SafetensorsPlace*> order;
        order.reserve(header.places.size());
        for (const SafetensorsPlace& place : header.places) order.push_back(&place);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
            return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
        });
        std::uint64_t free = 0;
        for (const SafetensorsPlace* entry : order) {
            const StoredTensor& tensor = header.tensors[static_cast<std::size_t>(entry - header.places.data())];
            const std::string bytes = "bytes " + std::to_string(entry->begin) + " to " + std::to_string(entry->end);
            const std::uint64_t wanted = byte_count(tensor, *entry->type);
            if (entry->begin > entry->end) fail(Fault::bounds, tensor.name, bytes, "begin before end");
            const bool fits = entry->end - entry->begin == wanted;
            if (entry->end > data_bytes && !(fits && entry->begin == free))
                fail(Fault::bounds, tensor.name, bytes, "within the file's " + std::to_string(data_bytes));
            if (entry->begin != free)
                fail(Fault::overlap, tensor.name, bytes,
                     "a start at byte " + std::to_string(free) + ", where the tensor before ends");
            if (!fits)
                fail(Fault::mismatch, tensor.name, bytes,
                     std::to_string(wanted) + " for " + std::string(entry->type->name) + " " + to_string(tensor.shape));
            if (entry->end > data_bytes)
                fail(Fault::truncated, tensor.name, std::to_string(data_bytes) + " bytes of tensors", bytes,
                     "fetch the file again");
            free = entry->end;
        }
        if (free != data_bytes)
            fail(Fault::unused, {}, std::to_string(data_bytes - free) + " bytes after the tensors", "nothing");
    }

    static Element element_of(const StoredTensor& tensor, const SafetensorsType& type) {
        if (!type.element)
            fail(Fault::unsupported, tensor.name, "dtype " + std::string(type.name),
                 "float, half, bfloat16, integers or bool", "convert it before it is saved");
        return *type.element;
    }

    static std::uint64_t byte_count(const StoredTensor& tensor, const SafetensorsType& type) {
        std::uint64_t bits = 0;
        const std::optional<std::uint64_t> count = checked_element_count(tensor.shape);
        if (!count || __builtin_mul_overflow(*count, type.bits, &bits))
            fail(Fault::overflow, tensor.name, to_string(tensor.shape), "less than 2^64 bits");
        if (bits % 8 != 0)
            fail(Fault::shape, tensor.name, to_string(tensor.shape) + " of " + std::string(type.name), "whole bytes");
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
