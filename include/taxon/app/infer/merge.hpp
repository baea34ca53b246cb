#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <taxon/app/infer/share_record.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/shard/merge_options.hpp>

namespace taxon::app {

namespace detail {

/// Shares of infer's results as they are merged: each input's result under its number.
class InferShares {
  public:
    /// Reads what infer --shard wrote. Throws as read_json does, Fault::type, and Fault::value for a share that was
    /// stopped, or whose results are not as many as its inputs.
    explicit InferShares(const std::string& path) : json_(read_json(path)) {
        const auto share = json_.find("share");
        if (share == json_.end() || !share->is_object())
            throw Error(Fault::missing, {.file = path,
                                         .place = "field \"share\"",
                                         .found = "nothing",
                                         .wanted = "what infer --shard I/N --json writes"});
        if (!json_field<bool>(json_, "complete", path))
            refuse(path, "field \"complete\"", "false", "whole shares; run it again");
        const auto shard = json_field<std::string>(*share, "shard", path);
        const auto shards = Shards::parse(shard);
        if (!shards) refuse(path, "field \"shard\"", "\"" + shard + "\"", "I/N");
        shards_ = *shards;
        inputs_ = json_field<std::size_t>(*share, "inputs", path);
        const Json& results = list(json_, kind(), path);
        const Json none = Json::array();
        const Json& numbers = list(*share, "unreadable", path);
        const Json& unreadable = json_.contains("unreadable") ? list(json_, "unreadable", path) : none;
        if (numbers.size() != unreadable.size())
            refuse(path, "field \"unreadable\"", std::to_string(unreadable.size()), std::to_string(numbers.size()));
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (!numbers[i].is_number_unsigned())
                refuse(path, "field \"unreadable\"", "no number", "numbers of inputs");
            unreadable_.emplace(numbers[i].get<std::size_t>(), unreadable[i]);
        }
        if (results.size() + unreadable.size() != shards_.size(inputs_))
            refuse(path, "field \"" + kind() + "\"", std::to_string(results.size() + unreadable.size()) + " inputs",
                   std::to_string(shards_.size(inputs_)) + ", which is what shard " + shard + " has");
        std::size_t next = 0;
        for (std::size_t i = 0; i < inputs_; ++i)
            if (shards_.contains(i % shards_.of) && !unreadable_.contains(i)) {
                if (next == results.size()) refuse(path, "field \"unreadable\"", "inputs of other shares", "its own");
                results_.emplace(i, results[next++]);
            }
    }

    const Shards& shards() const { return shards_; }

    /// Throws Fault::mismatch for another network or other inputs, Fault::overlap for a share that is in already.
    void merge(const InferShares& more, const std::string& path) {
        constexpr std::string_view remedy = "merge the results of one run, of each share once";
        app::require_same_run(json_, more.json_, path, "the first file", remedy);
        const auto refuse_share = [&](Fault fault, std::string_view found, std::string_view wanted) {
            throw Error(fault,
                        {.file = path, .place = "field \"shard\"", .found = found, .wanted = wanted, .remedy = remedy});
        };
        if (shards_.of != more.shards_.of)
            refuse_share(Fault::mismatch, more.shards_.text(), "a part of " + std::to_string(shards_.of));
        if (shards_.overlap(more.shards_))
            refuse_share(Fault::overlap, more.shards_.text() + ", which is in already", "another share");
        shards_.join(more.shards_);
        results_.insert(more.results_.begin(), more.results_.end());
        unreadable_.insert(more.unreadable_.begin(), more.unreadable_.end());
        for (const char* name : {"isa", "jpeg_decoder"})
            if (json_.value(name, Json()) != more.json_.value(name, Json())) json_[name] = "several";
        if (json_.contains("texts_cut"))
            json_["texts_cut"] = json_field<std::uint64_t>(json_, "texts_cut", path) +
                                 json_field<std::uint64_t>(more.json_, "texts_cut", path);
    }

    /// As one run over all inputs would have written it, if all shares are there.
    Json json() const {
        Json json = json_;
        const std::size_t there = json_.contains("unreadable") ? json_["unreadable"].size() : 0;
        if (json.contains("skipped"))  // beside the pictures of every share lie the same other files
            json["skipped"] = json["skipped"].get<std::size_t>() - there + unreadable_.size();
        json[kind()] = Json::array();
        for (const auto& [number, result] : results_) json[kind()].push_back(result);
        for (const char* name : {"unreadable", "complete", "share"}) json.erase(name);
        Json numbers = Json::array();
        for (const auto& [number, one] : unreadable_) {
            json["unreadable"].push_back(one);
            numbers.push_back(number);
        }
        json["complete"] = true;
        if (shards_.complete()) return json;
        json["share"] = json_["share"];
        json["share"]["shard"] = shards_.text();
        json["share"]["unreadable"] = numbers;
        return json;
    }

    std::string readable() const {
        return std::to_string(results_.size()) + " of " + std::to_string(inputs_) + " " + kind() + ", shard " +
               shards_.text() + (unreadable_.empty() ? "" : ", " + std::to_string(unreadable_.size()) + " unreadable") +
               "\n";
    }

  private:
    [[noreturn]] static void refuse(const std::string& path, std::string_view place, std::string_view found,
                                    std::string_view wanted) {
        throw Error(Fault::value, {.file = path, .place = place, .found = found, .wanted = wanted});
    }

    static const Json& list(const Json& json, const std::string& name, const std::string& path) {
        const auto at = json.find(name);
        if (at == json.end() || !at->is_array())
            refuse(path, "field \"" + name + "\"", at == json.end() ? "nothing" : at->type_name(), "a list");
        return *at;
    }

    std::string kind() const { return json_.contains("texts") ? "texts" : "images"; }

    Json json_;
    Shards shards_;
    std::size_t inputs_ = 0;
    std::map<std::size_t, Json> results_{}, unreadable_{};
};

}  // namespace detail

/// A verb of the verb `infer`: merges the results of shares into what one run over all inputs gives.
struct InferMerge final : Verb {
    MergeOptions options;

    CLI::App* add(CLI::App& infer, const Family&) override {
        return add_merge(infer, options, "Results that infer --shard --json wrote, of the same network and inputs");
    }

    int run(const Program&, Console& console) const override {
        options.require_sense();
        const auto& files = options.files;
        detail::InferShares sum(files.front());
        for (std::size_t i = 1; i < files.size(); ++i) sum.merge(detail::InferShares(files[i]), files[i]);
        options.require_enough(sum.shards());
        print_result(options.report, console, sum.readable(), [&] { return sum.json(); });
        return 0;
    }
};

}  // namespace taxon::app
