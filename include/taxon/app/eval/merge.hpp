#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/shard/share.hpp>
#include <vector>

namespace taxon::app {

/// A verb of the verb `eval`: merges the results of shards. Counts are added, so the result equals that of one run over
/// all.
template <class Score>
struct EvalMerge final : Verb {
    ReportOptions report;
    std::vector<std::string> files;
    bool partial = false;

    CLI::App* add(CLI::App& eval, const Family&) override {
        auto* verb = eval.add_subcommand("merge", "Merge the JSON results of shards");
        verb->add_option("file", files, "Results that eval --json wrote, of the same network and data set")
            ->required()
            ->type_name("FILE.json");
        verb->add_flag("--partial", partial,
                       "Merge what there is. Default: an error that names the shards that are missing");
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program&, Console& console) const override {
        std::vector<NamedFile> inputs;
        for (const std::string& file : files) inputs.push_back({"an input", file});
        require_outputs({report.file()}, inputs);
        Evaluation<Score> sum = read_whole(files.front());
        for (std::size_t i = 1; i < files.size(); ++i) merge(sum, read_whole(files[i]), files[i]);
        if (!partial) require_no_missing(sum.shards);
        print_result(report, console, readable(sum), [&] { return json_of(sum); });
        return 0;
    }

  private:
    static Evaluation<Score> read_whole(const std::string& file) {
        auto result = read_evaluation<Score>(file);
        if (!result.complete)
            throw Error(Fault::value, {.file = file,
                                       .place = "field \"complete\"",
                                       .found = "false: " + std::to_string(result.done()) + " of " +
                                                std::to_string(result.total()) + " inputs",
                                       .wanted = "whole shards",
                                       .remedy = "eval --resume finishes it"});
        return result;
    }
};

}  // namespace taxon::app
