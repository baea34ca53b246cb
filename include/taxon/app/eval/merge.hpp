#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// A verb of the verb `eval`: merges the results of shards. Counts are added, so the result equals that of one run over
/// all.
template <class Score>
struct EvalMerge final : Verb {
    ReportOptions report;
    std::vector<std::string> files;

    CLI::App* add(CLI::App& eval, const Family&) override {
        auto* verb = eval.add_subcommand("merge", "Merge the JSON results of shards");
        verb->add_option("file", files, "Results that eval --json wrote, of the same network and data set")
            ->required()
            ->type_name("FILE.json");
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program&, Console& console) const override {
        std::vector<NamedFile> inputs;
        for (const std::string& file : files) inputs.push_back({"an input", file});
        require_outputs({report.file()}, inputs);
        Evaluation<Score> sum = read_evaluation<Score>(files.front());
        for (std::size_t i = 1; i < files.size(); ++i) merge(sum, read_evaluation<Score>(files[i]), files[i]);
        print_result(report, console, readable(sum), [&] { return json_of(sum); });
        return 0;
    }
};

/// A verb `eval` with its verb `merge`.
template <class Eval, class Score>
class WithMerge final : public Verb {
  public:
    CLI::App* add(CLI::App& program, const Family& family) override {
        CLI::App* verb = eval_.add(program, family);
        merge_given_ = merge_.add(*verb, family);
        return verb;
    }
    int run(const Program& program, Console& console) const override {
        const Verb& verb = *merge_given_ ? static_cast<const Verb&>(merge_) : eval_;
        return verb.run(program, console);
    }

  private:
    Eval eval_;
    EvalMerge<Score> merge_;
    const CLI::App* merge_given_ = nullptr;
};

}  // namespace taxon::app
