#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>

namespace taxon::io {

/// The keys of the JSON objects that a reader is in, for handlers of `JsonReader`: a duplicate key is rejected, since
/// readers disagree about which one counts. Keys are sorted, not hashed, so no keys can be chosen to collide.
class JsonKeys {
  public:
    /// `most` keys are held at a time.
    explicit JsonKeys(std::size_t most) : most_(most) {}

    void start_object() { starts_.push_back(keys_.size()); }
    /// Throws Fault::limit.
    void add(std::string_view key) {
        if (keys_.size() == most_)
            throw Error(Fault::limit,
                        {.place = "JSON", .found = "more keys", .wanted = "at most " + std::to_string(most_)});
        keys_.emplace_back(key);
    }

    /// Ends the innermost object and passes its keys in order. Throws Fault::duplicate.
    template <class See>
    void end_object(See&& see) {
        const std::size_t start = starts_.back();
        std::vector<std::string_view> sorted(keys_.begin() + static_cast<std::ptrdiff_t>(start), keys_.end());
        std::sort(sorted.begin(), sorted.end());
        if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
            throw Error(Fault::duplicate, {.place = "field '" + printable(*twice, error_line_bytes) + "'",
                                           .found = "two of that name in one object",
                                           .wanted = "each name once"});
        for (std::size_t i = start; i < keys_.size(); ++i) see(std::move(keys_[i]));
        keys_.resize(start);
        starts_.pop_back();
    }
    void end_object() {
        end_object([](const std::string&) {});
    }

  private:
    std::size_t most_;
    std::vector<std::string> keys_;
    std::vector<std::size_t> starts_;  ///< of each open object
};

}  // namespace taxon::io
