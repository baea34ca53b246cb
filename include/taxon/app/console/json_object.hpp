#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace taxon::app {

using Json = nlohmann::ordered_json;

/// A member of a JSON object, by its name.
struct JsonMember {
    std::string_view name;
    mutable Json value;  ///< moved from: an initializer list is constant
};

/// The object of some members, whose names differ, in their order: json_object({{"rows", 3}, {"text", "…"}}). Json has
/// an initializer list of its own, but there the compiler tries every constructor on both halves of a pair, which costs
/// 10 ms a member.
inline Json json_object(std::initializer_list<JsonMember> members) {
    Json::object_t object;
    object.reserve(members.size());
    for (const JsonMember& member : members) object.emplace_back(std::string(member.name), std::move(member.value));
    return object;
}

}  // namespace taxon::app
