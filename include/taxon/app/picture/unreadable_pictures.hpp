#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <taxon/app/eval/skipped.hpp>
#include <taxon/core/error.hpp>
#include <taxon/preprocess/image_options.hpp>
#include <vector>

namespace taxon::app {

/// Collects the pictures of a run that cannot be read, from all workers: to be passed over and listed, or else for one
/// error at the end that names them.
class UnreadablePictures {
  public:
    explicit UnreadablePictures(bool skip) : skip_(skip) {}

    /// Does work(), which reads picture i. Returns whether the network is to see it: not if it is unreadable, nor once
    /// the run is lost and goes on only to find the others.
    template <class Work>
    bool attempt(std::size_t i, const std::string& file, Work&& work) {
        try {
            work();
        } catch (const Error& error) {
            const std::lock_guard lock(adding_);
            errors_.emplace(i, error.in_file(file));
            return false;
        }
        const std::lock_guard lock(adding_);
        return skip_ || errors_.empty();
    }

    bool contains(std::size_t i) const { return errors_.contains(i); }

    /// Throws one error for all unreadable pictures of `count`, unless they are skipped and others were there.
    void check(std::size_t count) const {
        if (errors_.empty() || (skip_ && errors_.size() < count)) return;
        constexpr std::size_t named = 5;
        const Error& first = errors_.begin()->second;
        Error::Facts facts = first.facts();
        if (errors_.size() > 1) {
            facts.wanted.clear();
            facts.found += "; " + std::to_string(errors_.size() - 1) + " more cannot be read: ";
            std::size_t listed = 0;
            for (auto at = std::next(errors_.begin()); at != errors_.end() && listed < named; ++at, ++listed)
                facts.found +=
                    (listed == 0 ? "" : ", ") + std::filesystem::path(at->second.facts().file).filename().string();
            if (errors_.size() - 1 > named) facts.found += ", …";
        }
        if (skip_) facts.remedy = "none of the pictures can be read";
        else if (errors_.size() > 1) facts.remedy = "--skip-unreadable skips such pictures";
        else if (count > 1)
            facts.remedy += facts.remedy.empty() ? "--skip-unreadable skips it" : "; --skip-unreadable skips it";
        throw Error(first.fault(), std::move(facts));
    }

    /// Removes the samples, of `each` numbers, of unreadable pictures.
    void remove_from(std::vector<float>& samples, std::size_t each) const {
        if (samples.empty()) return;
        std::size_t to = 0;
        for (std::size_t i = 0; i < samples.size() / each; ++i) {
            if (contains(i)) continue;
            std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(i * each), each,
                        samples.begin() + static_cast<std::ptrdiff_t>(to++ * each));
        }
        samples.resize(to * each);
    }

    /// The pictures' numbers.
    std::vector<std::size_t> numbers() const {
        std::vector<std::size_t> all;
        for (const auto& [i, error] : errors_) all.push_back(i);
        return all;
    }

    /// In the order of the pictures.
    std::vector<Skipped::Unreadable> list() const {
        std::vector<Skipped::Unreadable> all;
        for (const auto& [i, error] : errors_) all.push_back({error.facts().file, error.what()});
        return all;
    }

  private:
    bool skip_;
    std::mutex adding_;
    std::map<std::size_t, Error> errors_;
};

/// Adds to a result how its pictures were read: the decoder, and what was skipped.
inline void add_reading(Json& json, const Skipped& skipped) {
    json["jpeg_decoder"] = name_of(preprocess::usual_jpeg_decoder);
    add_skipped(json, skipped);
}

}  // namespace taxon::app
