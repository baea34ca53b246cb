#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <taxon/app/console/json.hpp>
#include <taxon/eval/coco_matches.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>

namespace taxon::app {

/// The data that COCO's metrics are computed from, so that shards merge exactly. Long lists of numbers are strings,
/// which an indented JSON keeps on one line: for COCO's 5,000 pictures with 220 detections each they take 26 MB. Scores
/// are written so that they round-trip.
///   "images"      ids, with a space between
///   "outcomes"    each outcome that occurs, 24 hexadecimal digits: for all, small, medium and large objects three for
///                 the overlaps at which a detection is right, three for those at which it is wrong; the lowest bit is
///                 the lowest overlap
///   "categories"  id, name, the number of objects of the four sizes, and detections: "image score outcome score
///                 outcome …", with a ';' between images; an outcome is its index in the list
inline Json json_of(const eval::CocoMatches& matches) {
    std::vector<std::string> spelt;
    std::map<std::string, std::size_t> known;
    const auto place = [&](const eval::CocoOutcome& outcome) {
        std::string text;
        for (std::size_t range = 0; range < eval::coco_areas.size(); ++range)
            text += fmt::format("{:03x}{:03x}", outcome.right[range], outcome.wrong[range]);
        const auto [at, is_new] = known.emplace(text, spelt.size());
        if (is_new) spelt.push_back(std::move(text));
        return at->second;
    };
    Json categories = Json::array();
    for (const auto& [category, objects, images] : matches.categories()) {
        std::string detections;
        auto by_id = images;  // the same bytes whatever the order in which they were processed
        std::sort(by_id.begin(), by_id.end(), [](const auto& a, const auto& b) { return a.image < b.image; });
        for (const auto& [image, of_image] : by_id) {
            fmt::format_to(std::back_inserter(detections), "{}{}", detections.empty() ? "" : ";", image);
            for (const auto& [score, outcome] : of_image)
                fmt::format_to(std::back_inserter(detections), " {} {}", score, place(outcome));
        }
        categories.push_back(json_object({{"id", category.id},
                                          {"name", category.name},
                                          {"objects", objects},
                                          {"detections", std::move(detections)}}));
    }
    return json_object({{"images", fmt::format("{}", fmt::join(matches.images(), " "))},
                        {"outcomes", spelt},
                        {"categories", std::move(categories)}});
}

namespace detail {

/// Parses the strings that json_of wrote.
class CocoMatchesReader {
  public:
    explicit CocoMatchesReader(const std::filesystem::path& path) : path_(path) {}

    eval::CocoMatches read(const Json& json) {
        if (!json.is_object()) refuse("field \"matches\"", json.type_name(), "the object that eval --json writes");
        std::vector<std::uint64_t> images;
        auto ids = json_field<std::string>(json, "images", path_);
        for (std::string_view rest = ids; !rest.empty();)
            images.push_back(number<std::uint64_t>(rest, "field \"images\""));
        std::vector<eval::CocoOutcome> outcomes;
        for (const Json& one : list(json, "outcomes")) outcomes.push_back(outcome(one));
        std::vector<eval::CocoCategoryMatches> categories;
        for (const Json& one : list(json, "categories")) categories.push_back(category(one, outcomes));
        try {
            return {std::move(images), std::move(categories)};
        } catch (const Error& error) { throw error.in_file(path_.string()); }
    }

  private:
    [[noreturn]] void refuse(std::string_view place, std::string_view found, std::string_view wanted) const {
        throw Error(Fault::value, {.file = path_.string(), .place = place, .found = found, .wanted = wanted});
    }

    const Json& list(const Json& json, const char* name) const {
        const auto at = json.find(name);
        if (at == json.end() || !at->is_array())
            refuse("field \"" + std::string(name) + "\"", at == json.end() ? "nothing" : at->type_name(), "a list");
        return *at;
    }

    /// Parses the number at the start of `rest` and removes it with one following space.
    template <class Number>
    Number number(std::string_view& rest, const std::string& place) const {
        Number found{};
        const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), found);
        const auto size = static_cast<std::size_t>(end - rest.data());
        if (failure != std::errc() || (size < rest.size() && rest[size] != ' '))
            refuse(place, "\"" + std::string(rest.substr(0, 32)) + "\"", "numbers with a space between");
        rest.remove_prefix(std::min(size + 1, rest.size()));
        return found;
    }

    eval::CocoOutcome outcome(const Json& json) const {
        constexpr std::uint16_t every_overlap = (1u << eval::coco_overlaps.size()) - 1;
        const auto text = json.is_string() ? json.get<std::string>() : "";
        eval::CocoOutcome made;
        bool fits = text.size() == 6 * eval::coco_areas.size();
        for (std::size_t i = 0; fits && i < text.size(); i += 3) {
            auto& bits = (i / 3 % 2 == 0 ? made.right : made.wrong)[i / 6];
            fits = std::from_chars(text.data() + i, text.data() + i + 3, bits, 16) ==
                       std::from_chars_result{text.data() + i + 3, std::errc()} &&
                   bits <= every_overlap;
        }
        for (std::size_t range = 0; range < eval::coco_areas.size(); ++range)
            fits = fits && (made.right[range] & made.wrong[range]) == 0;
        if (!fits) refuse("field \"outcomes\"", json.dump(), "24 hexadecimal digits, none both right and wrong");
        return made;
    }

    eval::CocoCategoryMatches category(const Json& json, const std::vector<eval::CocoOutcome>& outcomes) const {
        if (!json.is_object()) refuse("field \"categories\"", json.type_name(), "objects");
        eval::CocoCategoryMatches made{
            .category = {json_field<std::uint64_t>(json, "id", path_), json_field<std::string>(json, "name", path_)}};
        const std::string place = "category " + std::to_string(made.category.id);
        const Json& objects = list(json, "objects");
        if (objects.size() != made.objects.size())
            refuse(place, std::to_string(objects.size()) + " numbers of objects", "4");
        for (std::size_t range = 0; range < made.objects.size(); ++range) {
            if (!objects[range].is_number_unsigned()) refuse(place, "objects that are not numbers", "4 whole numbers");
            made.objects[range] = objects[range].get<std::uint64_t>();
        }
        const auto text = json_field<std::string>(json, "detections", path_);
        for (std::string_view left = text; !left.empty();) {
            std::string_view rest = left.substr(0, left.find(';'));
            left.remove_prefix(std::min(rest.size() + 1, left.size()));
            auto& [image, matches] = made.images.emplace_back();
            image = number<std::uint64_t>(rest, place);
            while (!rest.empty()) {
                const auto score = number<double>(rest, place);
                const auto which = number<std::size_t>(rest, place);
                if (which >= outcomes.size())
                    refuse(place, "outcome " + std::to_string(which), "one of " + std::to_string(outcomes.size()));
                matches.push_back({score, outcomes[which]});
            }
        }
        return made;
    }

    const std::filesystem::path& path_;
};

}  // namespace detail

/// Reads from `path` what json_of wrote. Throws Fault::type, ::value, ::duplicate or ::mismatch for anything else.
inline eval::CocoMatches read_coco_matches(const Json& json, const std::filesystem::path& path) {
    return detail::CocoMatchesReader(path).read(json);
}

}  // namespace taxon::app
