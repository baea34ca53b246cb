#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/core/occurrences.hpp>
#include <taxon/io/json_reader.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/safetensors_type.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/io/utf8.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// The type of one tensor, and its byte offsets from the end of the header.
struct SafetensorsPlace {
    const SafetensorsType* type = nullptr;
    std::uint64_t begin = 0, end = 0;
};

/// The header of a safetensors file.
struct SafetensorsHeader {
    std::vector<StoredTensor> tensors{};     ///< in file order: their names and shapes
    std::vector<SafetensorsPlace> places{};  ///< of each tensor
    std::map<std::string, std::string> metadata{};
};

/// JSON handler that accepts nothing but {name: {"dtype": text, "shape": [integers], "data_offsets": [begin, end]},
/// "__metadata__": {text: text}}.
class SafetensorsHeaderParser {
  public:
    static SafetensorsHeader parse(std::string_view text, const Limits& limits = {}) {
        SafetensorsHeaderParser parser(text.size(), limits);
        if (without_mark(text).size() != text.size())
            throw Error(Fault::syntax, {.place = std::string(place) + ", byte 0",
                                        .found = "a byte-order mark",
                                        .wanted = "a JSON object",
                                        .remedy = "write the file again"});
        parser.reserve(text);
        JsonReader<SafetensorsHeaderParser>::read(text, limits.json_depth, place, parser);
        return std::move(parser.header_);
    }

  private:
    friend class JsonReader<SafetensorsHeaderParser>;

    /// Small tensors take more memory than text: with thrice the usual allowance, some 400,000 may.
    SafetensorsHeaderParser(std::size_t bytes, const Limits& limits)
        : limits_(limits), memory_(limits, bytes + 2 * limits.reader_bytes, place) {}

    /// No vector grows and is copied: a header may be a hundred megabytes.
    void reserve(std::string_view text) {
        const std::size_t count = occurrences(text, "\"data_offsets\"");
        memory_.reserve(header_.tensors, count), memory_.reserve(header_.places, count);
    }

    void start_object() {
        if (depth_ > 1) other("an object");
        ++depth_;
    }

    void key(std::string_view name) {
        if (depth_ == 1) return begin_member(name);
        if (in_metadata_) {
            metadata_key_ = name;
            if (header_.metadata.contains(metadata_key_))
                fail(Fault::duplicate, "'" + metadata_key_ + "' twice in __metadata__", "each key once");
            return;
        }
        field_ = name == "dtype"          ? Field::type
                 : name == "shape"        ? Field::shape
                 : name == "data_offsets" ? Field::offsets
                                          : Field::none;
        if (field_ == Field::none)
            fail(Fault::syntax, "the field '" + std::string(name.substr(0, 64)) + "'", "dtype, shape and data_offsets");
        if (std::exchange(seen_[static_cast<std::size_t>(field_)], true))
            fail(Fault::duplicate, "the field '" + std::string(name) + "' twice", "once");
    }

    void end_object() {
        if (depth_ == 2 && !in_metadata_)
            for (const bool seen : seen_)
                if (!seen) fail(Fault::missing, "no dtype, shape or data_offsets", "all three");
        --depth_;
        field_ = Field::none;
    }

    void start_array() {
        if (depth_ != 2 || (field_ != Field::shape && field_ != Field::offsets)) other("an array");
        ++depth_;
    }

    void end_array() {
        if (field_ == Field::offsets && offsets_ != 2)
            fail(Fault::type, std::to_string(offsets_) + " offsets", "begin and end");
        --depth_;
    }

    void string(std::string_view text) {
        if (depth_ == 2 && in_metadata_) add_metadata(text);
        else if (depth_ == 2 && field_ == Field::type) set_type(text);
        else other("a string");
    }

    void integer(std::uint64_t number) {
        constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (depth_ != 3) other(std::to_string(number));
        if (field_ == Field::offsets) {
            if (offsets_ == 2) fail(Fault::type, "a third offset", "begin and end");
            (offsets_++ == 0 ? header_.places.back().begin : header_.places.back().end) = number;
        } else {
            if (number > largest) fail(Fault::overflow, std::to_string(number), "sizes below 2^63");
            if (tensor().shape.size() == limits_.tensor_rank)
                fail(Fault::limit, "more dimensions", "at most " + std::to_string(limits_.tensor_rank));
            tensor().shape.push_back(static_cast<std::int64_t>(number));
        }
    }

    [[noreturn]] void other(std::string_view found) const {
        if (in_metadata_) fail(Fault::type, std::string(found) + " in __metadata__", "strings");
        fail(Fault::type, std::string(found), "{\"dtype\": text, \"shape\": integers, \"data_offsets\": [begin, end]}");
    }

    enum class Field : std::uint8_t { type, shape, offsets, none };
    static constexpr std::string_view place = "safetensors header";

    StoredTensor& tensor() { return header_.tensors.back(); }

    void begin_member(std::string_view name) {
        in_metadata_ = name == "__metadata__";
        if (in_metadata_) {
            if (std::exchange(metadata_seen_, true)) fail(Fault::duplicate, "__metadata__ twice", "once");
            return;
        }
        if (name.size() > limits_.name_bytes)
            fail(Fault::limit, "a name of " + std::to_string(name.size()) + " bytes",
                 "at most " + std::to_string(limits_.name_bytes));
        if (name.find('\0') != name.npos) fail(Fault::encoding, "a name with a NUL", "text");
        constexpr std::size_t shape_bytes = 32, checking_bytes = 32;  // the latter for a moment, when all are there
        memory_.charge(shape_bytes + checking_bytes + (name.size() > 15 ? name.size() + 17 : 0));
        memory_.reserve(header_.tensors, 1), memory_.reserve(header_.places, 1);
        header_.tensors.emplace_back().name = name;
        header_.places.emplace_back();
        std::fill(std::begin(seen_), std::end(seen_), false);
        offsets_ = 0;
    }

    void set_type(std::string_view name) {
        header_.places.back().type = find_safetensors_type(name);
        if (header_.places.back().type == nullptr)
            fail(Fault::element, "dtype '" + std::string(name.substr(0, 32)) + "'",
                 "one that safetensors knows, such as F32");
    }

    void add_metadata(std::string_view text) {
        constexpr std::size_t node_bytes = 112;  // of a map
        memory_.charge(node_bytes + metadata_key_.size() + text.size());
        header_.metadata[std::move(metadata_key_)] = text;
    }

    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted) const {
        const bool named = !in_metadata_ && !header_.tensors.empty();
        throw Error(fault,
                    {.place = std::string(place) + (named ? ", tensor '" + header_.tensors.back().name + "'" : ""),
                     .found = found,
                     .wanted = wanted});
    }

    const Limits& limits_;
    MemoryBudget memory_;
    SafetensorsHeader header_;
    int depth_ = 0, offsets_ = 0;
    Field field_ = Field::none;
    bool in_metadata_ = false, metadata_seen_ = false;
    bool seen_[3] = {};
    std::string metadata_key_;
};

}  // namespace taxon::io
