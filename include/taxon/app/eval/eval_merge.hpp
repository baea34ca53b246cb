#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/model/options.hpp>
#include <vector>

namespace taxon::app {

struct EvalMergeOptions {
    ReportOptions report;
    std::vector<std::string> files;
};

/// A verb of the verb `eval`.
inline CLI::App* add_eval_merge(CLI::App& eval, EvalMergeOptions& options) {
    auto* verb = eval.add_subcommand("merge", "Join the JSON results of shards");
    verb->add_option("file", options.files, "Results that eval --json wrote, of the same network and data set")
        ->required()
        ->type_name("FILE.json");
    add_report_options(*verb, options.report);
    return verb;
}

/// The verb `eval merge`: the counts are added, so that the result is that of one run over all. Returns the exit code.
template <class Score>
int run_eval_merge(const EvalMergeOptions& options, Console& console) {
    std::vector<NamedFile> inputs;
    for (const std::string& file : options.files) inputs.push_back({"an input", file});
    require_outputs({{"--json", options.report.json}}, inputs);
    Evaluation<Score> sum = read_evaluation<Score>(options.files.front());
    for (std::size_t i = 1; i < options.files.size(); ++i)
        merge(sum, read_evaluation<Score>(options.files[i]), options.files[i]);
    if (!options.report.json.empty()) write_json(options.report.json, json_of(sum));
    if (!options.report.quiet) console.out << readable(sum);
    return 0;
}

}  // namespace taxon::app
