#pragma once
#include <span>
#include <string>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/shard/share.hpp>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace taxon::app {

/// The four text files that scripts of other vendors' model zoos expect. Empty paths are not written.
struct ResultFiles {
    std::string summary, label, top1, top5;

    std::vector<NamedFile> named() const {
        return {{"--result-file", summary},
                {"--result-label-file", label},
                {"--result-top1-file", top1},
                {"--result-top5-file", top5}};
    }

    /// Gives the files the number of a share.
    void take(const Share& share) {
        share.name("--result-file", summary), share.name("--result-label-file", label);
        share.name("--result-top1-file", top1), share.name("--result-top5-file", top5);
    }

    /// Throws Fault::usage if one is named for a network of one number, which has no classes.
    void require_classes(const ModelEntry& entry) const {
        for (const NamedFile& file : named())
            if (!file.path.empty() && is_regression(entry))
                throw Error(Fault::usage, {.place = file.option,
                                           .found = "a network that gives one number and no classes",
                                           .wanted = "--output or --json, which have the number"});
    }

    /// `numbers`: of the inputs; without them, 0, 1, ….
    void write(std::span<const Ranking> rankings, const ClassNames& names,
               std::span<const std::size_t> numbers = {}) const {
        std::string summaries, labels, firsts, fives;
        for (std::size_t place = 0; place < rankings.size(); ++place) {
            const std::size_t i = numbers.empty() ? place : numbers[place];
            const auto& name = rankings[place].name;
            const auto& best = rankings[place].best;
            if (best.empty()) {  // a result that is not finite
                summaries += fmt::format("{}\tnan\tnan\n", printable(name));
                for (std::string* lines : {&labels, &firsts, &fives}) *lines += fmt::format("[{}]: nan\n", i);
                continue;
            }
            summaries += fmt::format("{}\t{}\t{:.6f}\n", printable(name), names.of(best[0].index), best[0].probability);
            labels += fmt::format("[{}]: {}\n", i, names.of(best[0].index));
            firsts += fmt::format("[{}]: {}\n", i, best[0].index);
            for (std::size_t k = 0; k < best.size() && k < 5; ++k) fives += fmt::format("[{}]: {}\n", i, best[k].index);
        }
        if (!summary.empty()) write_file(summary, summaries);
        if (!label.empty()) write_file(label, labels);
        if (!top1.empty()) write_file(top1, firsts);
        if (!top5.empty()) write_file(top5, fives);
    }
};

/// `noun`: the subject of a line. `what`: how a line of --result-file names it.
inline void add_result_files(CLI::App& verb, ResultFiles& files, const std::string& noun, const std::string& what) {
    verb.add_option("--result-file", files.summary,
                    "Write one line per " + noun + ": " + what + ", class, probability, separated by tabs")
        ->type_name("FILE");
    verb.add_option("--result-label-file", files.label, "Write '[i]: NAME', the best class's name, for " + noun + " i")
        ->type_name("FILE");
    verb.add_option("--result-top1-file", files.top1, "Write '[i]: CLASS', the best class's number")->type_name("FILE");
    verb.add_option("--result-top5-file", files.top5, "Write the five best such lines per " + noun + ", best first")
        ->type_name("FILE");
}

}  // namespace taxon::app
