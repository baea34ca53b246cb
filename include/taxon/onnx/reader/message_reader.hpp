#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/utf8.hpp>
#include <utility>
#include <vector>

#include <protozero/pbf_reader.hpp>

namespace taxon::onnx::detail {

/// What all messages of a file have in common: names, texts, lists that grow within the limits, and errors that name
/// the place. Numbers of fields are those of onnx.proto; as protobuf does, a reader passes over fields that it does not
/// know.
class MessageReader {
  protected:
    using Message = protozero::pbf_reader;

    MessageReader(const Limits& limits, std::size_t file_bytes)
        : limits_(limits), memory_(limits, file_bytes, "ONNX file") {}

    static constexpr std::uint32_t number(std::uint32_t field) { return protozero::tag_and_type(field, Wire::varint); }
    static constexpr std::uint32_t part(std::uint32_t field) {
        return protozero::tag_and_type(field, Wire::length_delimited);
    }
    static constexpr std::uint32_t four_bytes(std::uint32_t field) {
        return protozero::tag_and_type(field, Wire::fixed32);
    }
    static constexpr std::uint32_t eight_bytes(std::uint32_t field) {
        return protozero::tag_and_type(field, Wire::fixed64);
    }

    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted,
                           std::string_view remedy = "export the file again") const {
        throw Error(fault, {.place = place_, .found = found, .wanted = wanted, .remedy = remedy});
    }

    /// StringStringEntryProto
    void pair(Message message, std::map<std::string, std::string>& into) {
        std::string key, value;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): key = text(message); break;
                case part(2): value = blob(message); break;
                default: message.skip();
            }
        memory_.charge(128);  // a map's node
        into.insert_or_assign(std::move(key), std::move(value));
    }

    std::string domain(Message& message) {
        std::string name = text(message);
        return name == "ai.onnx" ? std::string() : name;
    }

    std::string blob(Message& message) {
        const auto bytes = message.get_view();
        memory_.charge(bytes.size());
        return {bytes.data(), bytes.size()};
    }

    /// A name.
    std::string text(Message& message) {
        std::string name = blob(message);
        if (name.size() > limits_.graph_name_bytes)
            fail(Fault::limit, "a name of " + std::to_string(name.size()) + " bytes",
                 "at most " + std::to_string(limits_.graph_name_bytes), "");
        if (!io::is_utf8(name) || name.find('\0') != name.npos)
            fail(Fault::encoding, "a name that is not UTF-8", "one that is");
        return name;
    }

    /// One more element.
    template <class T>
    T& grown(std::vector<T>& list) {
        memory_.reserve(list, 1);
        return list.emplace_back();
    }

    Limits limits_;
    io::MemoryBudget memory_;
    std::string place_ = "model";

  private:
    using Wire = protozero::pbf_wire_type;
};

}  // namespace taxon::onnx::detail
