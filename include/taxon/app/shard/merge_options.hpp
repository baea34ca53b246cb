#pragma once
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/shard/share.hpp>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Options of a verb `merge`: the results of shares, and whether all have to be there.
struct MergeOptions {
    ReportOptions report;
    std::vector<std::string> files;
    bool partial = false;

    /// Throws Fault::usage for an output that cannot be written or is one of the results.
    void require_sense() const {
        std::vector<NamedFile> inputs;
        for (const std::string& file : files) inputs.push_back({"an input", file});
        require_outputs({report.file()}, inputs);
    }

    /// Throws Fault::missing, naming them, if shares are missing and have to be there.
    void require_enough(const Shards& shards) const {
        if (!partial) require_no_missing(shards);
    }
};

/// `results`: what the files are.
inline CLI::App* add_merge(CLI::App& verb, MergeOptions& options, const std::string& results) {
    auto* merge = add_verb(verb, "merge", "Merge the JSON results of shards");
    merge->add_option("file", options.files, results)->required()->type_name("FILE.json");
    merge->add_flag("--partial", options.partial,
                    "Merge what there is. Default: an error that names the shards that are missing");
    add_report_options(*merge, options.report);
    return merge;
}

}  // namespace taxon::app
