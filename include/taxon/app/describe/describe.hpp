#pragma once
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/describe/steps.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/ports.hpp>
#include <taxon/app/program/verb.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// Prints a network's layers, its plan and its memory; needs no weights.
struct Describe final : Verb {
    ModelOptions model;
    ReportOptions report;
    bool plan = false;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "describe", "Show a network's layers, plan and memory; needs no weights");
        add_choice_options(*verb, family, model);
        verb->add_flag(
            "--plan", plan,
            "Also print the plan: the kernel of each step, what is fused into it, and where its buffers lie in "
            "the arena; --json always includes it");
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        require_outputs({report.file()}, {});
        const ModelEntry& entry = choose(program.family, model.choice(program.family));
        if (plan && entry.plan.steps.empty())
            throw Error(Fault::usage, {.place = "--plan",
                                       .found = "--backend " + std::string(entry.backend) + ", which has no plan",
                                       .wanted = "--backend cpu"});
        const auto layers = layer_rows(entry.graph);
        const auto steps = step_rows(entry.graph, entry.plan);
        std::string text = description_of(program.family, entry, "none") + "\n\n" + readable(layers) + "\n";
        if (plan) text += readable(steps) + "\n" + readable_buffers(entry.plan) + "\n";
        print_result(report, console, text + totals(entry), [&] { return json(program.family, entry, layers, steps); });
        return 0;
    }

  private:
    static Json json(const Family& family, const ModelEntry& entry, const std::vector<LayerRow>& layers,
                     const std::vector<StepRow>& steps) {
        Json json = identity_json(family, entry);
        json["preprocess"] = entry.preprocess;
        json["input"] = json_of(entry.input);
        json["output"] = json_of(entry.output);
        json["inputs"] = json_of(entry.graph.inputs, "input");
        json["outputs"] = json_of(entry.graph.outputs, "output");
        json["parameters"] = entry.parameter_count;
        json["flops"] = entry.flops;
        json["weights_bytes"] = entry.packed_bytes;
        json["arena_bytes"] = entry.plan.arena_bytes;
        json["layers"] = json_of(layers);
        json["steps"] = json_of(steps);
        json["buffers"] = json_of_buffers(entry.plan);
        return json;
    }

    static std::string totals(const ModelEntry& entry) {
        return fmt::format("input    {}\noutput   {}\nnumbers  {:.2f} million parameters, {:.3f} GFLOP\n"
                           "weights  {} packed\narena    {}\n",
                           text_of(entry.graph.inputs), text_of(entry.graph.outputs),
                           static_cast<double>(entry.parameter_count) * 1e-6, static_cast<double>(entry.flops) * 1e-9,
                           readable_bytes(entry.packed_bytes), readable_bytes(entry.plan.arena_bytes));
    }
};

}  // namespace taxon::app
