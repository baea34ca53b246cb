#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/shard/digest.hpp>
#include <taxon/app/shard/share.hpp>
#include <vector>

namespace taxon::app {

/// Top-level fields of infer's JSON in which shares of one run agree.
inline constexpr const char* infer_identity[] = {"family", "variant", "size", "precision", "backend", "execution"};

/// Throws Fault::mismatch, naming the field, if `there`, from `path`, is of another network or configuration.
inline void require_same_run(const Json& here, const Json& there, const std::filesystem::path& path,
                             std::string_view where, std::string_view remedy) {
    const auto same = [&](const Json& a, const Json& b, const std::string& name) {
        const Json wanted = a.is_object() ? a.value(name, Json()) : Json(),
                   found = b.is_object() ? b.value(name, Json()) : Json();
        if (wanted != found)
            throw Error(Fault::mismatch, {.file = path.string(),
                                          .place = "field \"" + name + "\"",
                                          .found = found.dump(),
                                          .wanted = wanted.dump() + " as in " + std::string(where),
                                          .remedy = remedy});
    };
    for (const char* name : infer_identity) same(here, there, name);
    const Json mine = here.value("share", Json::object()), other = there.value("share", Json::object());
    for (const char* name : {"weights", "weights_digest", "calibration", "options", "inputs", "inputs_digest"})
        same(mine, other, name);
}

/// What infer's JSON says of its share of the inputs, so that a requeued job does not do it twice, and that shares are
/// merged with their own kind alone.
class ShareRecord {
  public:
    /// `run`: the network, as identity_json. `inputs`: of all shares. `options`: others that a result depends on.
    ShareRecord(const Share& share, Json run, const Family& family, const RequestedModel& model,
                const ModelOptions& model_options, const BoundModel& bound, std::size_t inputs,
                const std::string& inputs_digest, const std::string& options)
        : share_(share), run_(std::move(run)) {
        if (!share.stated()) return;
        run_["share"] = json_object({{"shard", share.shards().text()},
                                     {"weights", bound.weights},
                                     {"weights_digest", weights_digest(family, model, model_options)},
                                     {"options", options},
                                     {"inputs", inputs},
                                     {"inputs_digest", inputs_digest}});
        if (bound.calibration) run_["share"]["calibration"] = json_of(*bound.calibration);
    }

    /// True, said on the console, if the --json file is this share already, complete. Throws Fault::mismatch if it is
    /// of another run or share.
    bool is_done(const ReportOptions& report, Console& console) const {
        std::error_code ignored;
        if (!share_.stated() || !std::filesystem::is_regular_file(report.json, ignored)) return false;
        const Json there = read_json(report.json);
        constexpr std::string_view remedy = "give the options of that run, or another name";
        require_same_run(run_, there, report.json, "this run", remedy);
        if (there.at("share").value("shard", Json()) != run_["share"]["shard"])
            throw Error(Fault::mismatch, {.file = report.json,
                                          .place = "field \"shard\"",
                                          .found = there["share"].value("shard", Json()).dump(),
                                          .wanted = run_["share"]["shard"].dump() + " as in this run",
                                          .remedy = remedy});
        if (!json_field<bool>(there, "complete", report.json)) return false;
        if (!report.quiet) console.err << printable(report.json) << ": complete already, and kept\n";
        return true;
    }

    /// Adds "complete", and of a share "share", with the numbers of its `unreadable` inputs.
    void describe(Json& json, bool complete, const std::vector<std::size_t>& unreadable = {}) const {
        json["complete"] = complete;
        if (!share_.stated()) return;
        json["share"] = run_["share"];
        json["share"]["unreadable"] = Json::array();
        for (const std::size_t i : unreadable) json["share"]["unreadable"].push_back(share_.number(i));
    }

  private:
    Share share_;
    Json run_;
};

}  // namespace taxon::app
