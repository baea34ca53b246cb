#pragma once
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/gen/golden.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/model/description.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline std::vector<Replay> replays(const AnyModel& network, const ModelEntry& entry, const OfflineModel& stored) {
    std::vector<Replay> replays;
    if (!stored.facts()) return replays;  // Model::save writes none
    const auto workspace = network.make_workspace();
    const int length = golden_length(entry.input);
    std::vector<float> found(answer_size(entry, length));
    for (int pair = 0; pair < golden_pairs; ++pair) {
        // A detector's input is large, and determined by its name.
        const auto input = entry.output.table ? generated_samples(golden_input(pair), entry, 1, length)
                                              : stored.golden(golden_input(pair), sample_size(entry, length));
        network.run(input, found, *workspace);
        const auto kept = golden_answers(found, entry.graph.outputs, length);
        std::size_t count = 0;
        for (const auto& output : kept) count += output.size();
        const auto wanted = stored.golden(golden_output(pair), count);
        Replay worst{.identical = true};
        for (std::span<const float> rest = wanted; const auto& output : kept) {
            worst = worst.worse(Replay::of(output, rest.first(output.size())));
            rest = rest.subspan(output.size());
        }
        replays.push_back(worst);
    }
    return replays;
}

}  // namespace detail

/// Verifies an offline file and replays its golden pairs. Throws CheckFailed if a result differs.
struct Verify final : Verb {
    ModelOptions model_options;
    ReportOptions report;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "verify", "Check every byte of a .taxon file and replay the golden pairs in it");
        add_model_options(*verb, family, model_options);
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        require_outputs({report.file()}, {{"--weights", model_options.weights}});
        const RequestedModel model(family, model_options);
        if (!model.offline()) {
            // reports what is wrong
            if (!model_options.weights.empty() && !names_synthetic_weights(model_options.weights))
                io::OfflineFile::open(model_options.weights);
            throw Error(Fault::usage, {.place = "--weights",
                                       .found = model_options.weights.empty() ? "nothing" : "generated weights",
                                       .wanted = "a .taxon file"});
        }
        model.check();
        const ModelEntry& entry = model.entry();
        const auto network = model.bind(1, {}, console, report.quiet).network;
        const auto replays = detail::replays(*network, entry, *model.offline());

        const double allowed = golden_tolerance(entry.data_types, entry.output.table);
        Json json = json_object({{"file", model.offline()->path()}});
        json.update(identity_json(family, entry));
        json.update(
            json_object({{"isa", network->isa()}, {"allowed", allowed}, {"passed", true}, {"pairs", Json::array()}}));
        std::string text = fmt::format("{}: every byte is as written\n{}\n", printable(model.offline()->path()),
                                       description_of(family, entry, network->isa()));
        if (replays.empty()) text += "no golden pairs in it: a program wrote it, not gen\n";
        for (std::size_t i = 0; i < replays.size(); ++i) {
            const auto [identical, difference] = replays[i];
            const bool passed = replays[i].within(allowed);
            text +=
                identical
                    ? fmt::format("golden {}: identical\n", i)
                    : fmt::format("golden {}: largest difference {:.2e} of the standard deviation, allowed {:.0e}{}\n",
                                  i, difference, allowed, passed ? "" : ": FAILED");
            json["pairs"].push_back(
                json_object({{"identical", identical}, {"difference", difference}, {"passed", passed}}));
            if (!passed) json["passed"] = false;
        }
        print_result(report, console, text, [&] { return json; });
        if (!json["passed"].get<bool>())
            throw CheckFailed(model.offline()->path() +
                              ": [value] found answers that differ from the stored ones by more than " +
                              fmt::format("{:g}", allowed) + " of their standard deviation; write the file again");
        return 0;
    }
};

}  // namespace taxon::app
