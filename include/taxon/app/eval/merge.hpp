#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/shard/merge_options.hpp>

namespace taxon::app {

/// A verb of the verb `eval`: merges the results of shards. Counts are added, so the result equals that of one run over
/// all.
template <class Score>
struct EvalMerge final : Verb {
    MergeOptions options;

    CLI::App* add(CLI::App& eval, const Family&) override {
        return add_merge(eval, options, "Results that eval --json wrote, of the same network and data set");
    }

    int run(const Program&, Console& console) const override {
        options.require_sense();
        const auto& files = options.files;
        Evaluation<Score> sum = read_whole(files.front());
        for (std::size_t i = 1; i < files.size(); ++i) merge(sum, read_whole(files[i]), files[i]);
        options.require_enough(sum.shards);
        print_result(options.report, console, readable(sum), [&] { return json_of(sum); });
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
