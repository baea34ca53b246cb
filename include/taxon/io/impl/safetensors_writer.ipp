#pragma once
#include <algorithm>
#include <cstdint>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/io/utf8.hpp>

namespace taxon::io {

TAXON_DECL void SafetensorsWriter::write(const std::filesystem::path& path, std::span<const StoredTensor> tensors,
                                         const Metadata& metadata) {
    const std::vector<const StoredTensor*> order = sorted(tensors);
    const std::string header = header_of(order, metadata);
    std::byte length[8];
    for (std::size_t i = 0; i < sizeof length; ++i)
        length[i] = static_cast<std::byte>(std::uint64_t{header.size()} >> (8 * i) & 0xFFu);
    AtomicFile file(path);
    file.write(length);
    file.write(std::as_bytes(std::span(header)));
    for (const StoredTensor* tensor : order) file.write(tensor->bytes);
    file.commit();
}

TAXON_DECL std::size_t SafetensorsWriter::rank_of(Element element) {
    std::size_t rank = 0;
    while (safetensors_types[rank].element != element) ++rank;
    return rank;
}

TAXON_DECL std::vector<const StoredTensor*> SafetensorsWriter::sorted(std::span<const StoredTensor> tensors) {
    std::vector<const StoredTensor*> order;
    for (const StoredTensor& tensor : tensors) {
        if (tensor.bytes.size() != element_count(tensor.shape) * size_of(tensor.element))
            fail(Fault::mismatch, tensor.name, std::to_string(tensor.bytes.size()) + " bytes",
                 "as many as " + to_string(tensor.shape) + " takes");
        order.push_back(&tensor);
    }
    const auto by_name = [](const auto* a, const auto* b) { return a->name < b->name; };
    std::sort(order.begin(), order.end(), by_name);
    const auto twice =
        std::adjacent_find(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->name == b->name; });
    if (twice != order.end()) fail(Fault::duplicate, (*twice)->name, "two tensors of this name", "one");
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* a, const auto* b) { return rank_of(a->element) > rank_of(b->element); });
    return order;
}

TAXON_DECL std::string SafetensorsWriter::header_of(const std::vector<const StoredTensor*>& order,
                                                    const Metadata& metadata) {
    constexpr std::size_t alignment = 8;
    std::string text = "{";
    const auto member = [&](std::string_view key) {
        text.append(text.back() == '{' ? "" : ",").append(quoted(key)).append(":");
    };
    if (!metadata.empty()) {
        member("__metadata__");
        text += '{';
        for (const auto& [key, value] : metadata) {
            member(key);
            text += quoted(value);
        }
        text += '}';
    }
    std::uint64_t begin = 0;
    for (const StoredTensor* tensor : order) {
        member(tensor->name);
        text.append("{\"dtype\":\"").append(safetensors_types[rank_of(tensor->element)].name).append("\",\"shape\":[");
        for (std::size_t axis = 0; axis < tensor->shape.size(); ++axis)
            text.append(axis == 0 ? "" : ",").append(std::to_string(tensor->shape[axis]));
        const std::uint64_t end = begin + tensor->bytes.size();
        text.append("],\"data_offsets\":[")
            .append(std::to_string(begin))
            .append(",")
            .append(std::to_string(end))
            .append("]}");
        begin = end;
    }
    text += '}';
    text.append((alignment - text.size() % alignment) % alignment, ' ');
    return text;
}

TAXON_DECL std::string SafetensorsWriter::quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    if (!is_utf8(text)) fail(Fault::encoding, {}, "text that is not UTF-8", "UTF-8");
    std::string quoted = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') quoted.append({'\\', c});
        else if (c == '\n') quoted += "\\n";
        else if (c == '\r') quoted += "\\r";
        else if (c == '\t') quoted += "\\t";
        else if (code < ' ') quoted.append("\\u00").append({hex[code >> 4], hex[code & 15u]});
        else quoted += c;
    }
    return quoted + '"';
}

[[noreturn]] TAXON_DECL void SafetensorsWriter::fail(Fault fault, std::string_view name, std::string_view found,
                                                     std::string_view wanted) {
    throw Error(fault, {.place = name.empty() ? std::string("safetensors") : "tensor '" + std::string(name) + "'",
                        .found = found,
                        .wanted = wanted});
}

}  // namespace taxon::io
