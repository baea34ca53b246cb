#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <taxon/core/printable.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/reader/external_files.hpp>
#include <taxon/onnx/reader/message_reader.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::detail {

/// TensorProto: its numbers stay in the file, or in the one beside it, unless they are stored as a list of varints.
class TensorReader : protected MessageReader {
  protected:
    TensorReader(SharedBytes file, const std::filesystem::path& folder, const Limits& limits)
        : MessageReader(limits, file.view.size()), file_(std::move(file)), external_(folder) {}

    const SharedBytes& file() const { return file_; }

    void tensor(Message message, TensorProto& tensor, const std::string& what) {
        protozero::data_view raw, packed;  // the latter of float_data or double_data, which need no decoding
        bool has_raw = false, is_external = false;
        std::size_t packs = 0;
        std::vector<std::byte> decoded;
        std::map<std::string, std::string> places;
        auto type = static_cast<std::int32_t>(DataType::undefined);
        // Whole numbers are kept at eight bytes until their type is known, as the file may state it last.
        std::vector<std::int64_t> integers;
        while (message.next()) switch (message.tag_and_type()) {
                case number(1): grown(tensor.shape) = message.get_int64(); break;
                case part(1):
                    for (const std::int64_t size : message.get_packed_int64()) grown(tensor.shape) = size;
                    break;
                case number(2): type = message.get_int32(); break;
                case part(3): fail(Fault::unsupported, "a tensor in segments", "whole ones"); break;
                case four_bytes(4): append(decoded, message.get_fixed32()), ++packs; break;
                case part(4):
                case part(10): {
                    const auto bytes = message.get_view();
                    if (packs++ == 0) packed = bytes;
                    else fail(Fault::unsupported, "a tensor in several lists", "one");
                    break;
                }
                case number(5): grown(integers) = message.get_int32(); break;
                case part(5):
                    for (const std::int32_t one : message.get_packed_int32()) grown(integers) = one;
                    break;
                case number(7): grown(integers) = message.get_int64(); break;
                case part(7):
                    for (const std::int64_t one : message.get_packed_int64()) grown(integers) = one;
                    break;
                case part(8): tensor.name = text(message); break;
                case part(9): raw = message.get_view(), has_raw = true; break;
                case eight_bytes(10): append(decoded, message.get_fixed64()), ++packs; break;
                case number(11): grown(integers) = static_cast<std::int64_t>(message.get_uint64()); break;
                case part(11):
                    for (const std::uint64_t one : message.get_packed_uint64())
                        grown(integers) = static_cast<std::int64_t>(one);
                    break;
                case part(13): pair(message.get_message(), places); break;
                case number(14): is_external = message.get_enum() == 1; break;
                default: message.skip();
            }
        place_ = what + (tensor.name.empty() ? "" : " '" + printable(tensor.name, 200) + "'");
        tensor.type = static_cast<DataType>(type);
        const std::uint64_t count = checked_count(tensor.shape);
        const std::size_t size = size_of(tensor.type);
        if (size == 0) return;  // strings and the like: refused where they are used
        if (count > limits_.tensor_elements)
            fail(Fault::limit, io::to_string(tensor.shape),
                 "at most " + std::to_string(limits_.tensor_elements) + " elements", "");
        if (is_external) tensor.data = external(places, count * size);
        else if (has_raw) tensor.data = view(raw);
        else if (packed.data() != nullptr && decoded.empty()) tensor.data = view(packed);
        else if (!decoded.empty()) tensor.data = SharedBytes::of(std::move(decoded));
        else if (integers.empty() || is_listed_whole(tensor.type)) tensor.data = narrowed(integers, size);
        else
            fail(Fault::element, "a list of whole numbers", "one of " + std::string(name_of(tensor.type)),
                 "export it again");
        if (tensor.data.view.size() != count * size)
            fail(Fault::mismatch, std::to_string(tensor.data.view.size()) + " bytes",
                 std::to_string(count * size) + " for " + io::to_string(tensor.shape) + " of " +
                     std::string(name_of(tensor.type)));
    }

  private:
    std::uint64_t checked_count(const Dimensions& shape) const {
        if (shape.size() > limits_.tensor_rank)
            fail(Fault::limit, std::to_string(shape.size()) + " dimensions",
                 "at most " + std::to_string(limits_.tensor_rank), "");
        for (const std::int64_t size : shape)
            if (size < 0) fail(Fault::shape, io::to_string(shape), "sizes of 0 and more");
        const auto count = io::checked_element_count(shape);
        if (!count) fail(Fault::overflow, io::to_string(shape), "less than 2^63 elements");
        return *count;
    }

    SharedBytes view(protozero::data_view bytes) const {
        return {std::as_bytes(std::span(bytes.data(), bytes.size())), file_.owner};
    }

    /// Little-endian whole numbers (or halves' bits) of `size` bytes.
    SharedBytes narrowed(const std::vector<std::int64_t>& integers, std::size_t size) {
        memory_.charge(integers.size() * size);
        std::vector<std::byte> bytes;
        bytes.reserve(integers.size() * size);
        for (const std::int64_t one : integers)
            for (std::size_t i = 0; i < size; ++i)
                bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(one) >> 8 * i & 0xFFu));
        return SharedBytes::of(std::move(bytes));
    }

    template <class Bits>
    void append(std::vector<std::byte>& bytes, Bits bits) {
        memory_.reserve(bytes, sizeof(Bits));
        for (std::size_t i = 0; i < sizeof(Bits); ++i) bytes.push_back(static_cast<std::byte>(bits >> 8 * i & 0xFFu));
    }

    SharedBytes external(const std::map<std::string, std::string>& places, std::uint64_t size) {
        const auto entry = [&](const char* key, std::uint64_t otherwise) {
            const auto at = places.find(key);
            if (at == places.end()) return otherwise;
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(at->second.data(), at->second.data() + at->second.size(), value);
            if (error != std::errc{} || end != at->second.data() + at->second.size())
                fail(Fault::syntax, std::string(key) + " '" + at->second + "' of external data", "bytes");
            return value;
        };
        const auto location = places.find("location");
        if (location == places.end()) fail(Fault::missing, "external data without a location", "a file's name");
        const std::shared_ptr<const io::MappedFile> file = external_.open(location->second, place_);
        const std::uint64_t offset = entry("offset", 0), length = entry("length", size), all = file->bytes().size();
        if (offset > all || length > all - offset)
            fail(Fault::bounds,
                 "bytes " + std::to_string(offset) + " to " + std::to_string(offset) + " + " + std::to_string(length) +
                     " of '" + location->second + "'",
                 "a part of its " + std::to_string(all) + " bytes", "fetch or export both files again");
        return {file->bytes().subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length)), file};
    }

    SharedBytes file_;
    ExternalFiles external_;
};

}  // namespace taxon::onnx::detail
