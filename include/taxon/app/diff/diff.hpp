#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/finite.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/diff/against_options.hpp>
#include <taxon/app/diff/dumped_layers.hpp>
#include <taxon/app/diff/layer_files.hpp>
#include <taxon/app/diff/network_side.hpp>
#include <taxon/app/diff/report.hpp>
#include <taxon/app/infer/layers.hpp>
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// Compares a network layer by layer with the same one run otherwise, or with files. Throws CheckFailed if a layer is
/// beyond its tolerance or not finite.
class Diff final : public Verb {
  public:
    explicit Diff(std::unique_ptr<SampleOptions> samples) : samples_(std::move(samples)) {}

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb =
            add_verb(program, "diff",
                     "Compare a network layer by layer with another run of it, or with PyTorch's outputs in files");
        add_model_options(*verb, family, model_);
        add_against_options(*verb, against_);
        samples_->add(*verb, family, model_.calibration);
        verb->add_option("--tolerance", tolerance_,
                         "Relative root-mean-square difference that each layer may have. Default: " +
                             LayerTolerance::rule())
            ->check(CLI::Range(0., 1e9))
            ->check(finite)
            ->type_name("X");
        verb->add_option("--output-dir", folder_,
                         "Write the first layer beyond its tolerance, or not finite, and its inputs into this folder, "
                         "found/LAYER.npy and right/LAYER.npy")
            ->type_name("DIR");
        verb->add_option("--dump-layers", layers_,
                         "Write what this side's layers compute of one input into this folder, as --against reads it: "
                         "those that the execution does not fuse into others")
            ->type_name("DIR");
        add_report_options(*verb, report_);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        require_sense();
        const NetworkSide found(family, model_, *samples_, console, report_.quiet);
        const GraphView graph = found.entry().graph;
        std::optional<NetworkSide> right;
        const ModelOptions rights = against_.of(model_, found.entry());
        require_use_of_calibration(family, rights);
        if (against_.runs()) right.emplace(family, rights, *samples_, console, report_.quiet);
        const Samples samples = samples_->samples(found.options(), found.model(), found.network(), against_.folder);
        std::optional<DumpedLayers> files;
        if (!right) files.emplace(against_.folder, graph, samples.size());
        const auto right_values = [&](std::size_t i, std::span<const float> sample) {
            return right ? right->values(sample) : files->values(i, sample);
        };

        if (!layers_.empty()) dump_layers(found, samples);
        LayerComparison comparison(graph, tolerance(found, right));
        Progress progress(console, report_.quiet || samples.size() < 2, "inputs", samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto sample = samples.prepare(i);
            comparison.add(i, found.values(sample), right_values(i, sample));
            progress.advance(1);
            if (progress.stop().stop_requested()) throw Stopped("diff stopped; nothing is reported");
        }
        if (comparison.layers().empty())
            throw Error(Fault::shape, {.file = against_.folder,
                                       .found = "no layer of the network's shape",
                                       .wanted = "outputs for the same input",
                                       .remedy = "compare the shapes with those that describe lists"});
        Json written;
        if (const ComparedLayer* layer = comparison.first_beyond(); layer != nullptr && !folder_.empty()) {
            const std::size_t i = layer->fault().sample;
            const auto sample = samples.prepare(i);
            const std::filesystem::path folder = folder_;
            written = json_object(
                {{"sample", i},
                 {"found", json_of(write_layer(folder / "found", graph, found.values(sample), layer->node))},
                 {"right", json_of(write_layer(folder / "right", graph, right_values(i, sample), layer->node))}});
        }
        report(console, found, right, comparison, samples, files, written);
        if (comparison.first_beyond() != nullptr) throw CheckFailed("diff: [value] " + sentence_of(comparison));
        return 0;
    }

  private:
    void require_sense() const {
        against_.require_sense();
        if (!samples_->named() && against_.folder.empty())
            throw Error(Fault::usage, {.place = "diff", .found = "no input", .wanted = samples_->wanted()});
        require_folder("--output-dir", folder_), require_folder("--dump-layers", layers_);
        auto inputs = samples_->files();
        inputs.push_back({"--weights", model_.weights});
        inputs.push_back({"--against-weights", against_.weights.value_or("")});
        inputs.push_back({"--calibration-file", model_.calibration.table});
        require_outputs({report_.file()}, inputs);
    }

    void dump_layers(const NetworkSide& found, const Samples& samples) const {
        if (samples.size() != 1)
            throw Error(
                Fault::usage,
                {.place = "--dump-layers", .found = std::to_string(samples.size()) + " inputs", .wanted = "one"});
        walk_layers(found.network(), samples.prepare(0), layers_);
    }

    void require_use_of_calibration(const Family& family, const ModelOptions& rights) const {
        if (!model_.calibration.any() || finds_ranges(family, model_)) return;
        if (!against_.runs() || !finds_ranges(family, rights))
            throw Error(Fault::usage, {.place = "--calibration-…, --percentile, --equalise",
                                       .found = "no side that finds ranges",
                                       .wanted = "a quantized precision and a checkpoint on one side"});
    }

    LayerTolerance tolerance(const NetworkSide& found, const std::optional<NetworkSide>& right) const {
        if (tolerance_) return LayerTolerance::of_user(*tolerance_);
        if (right && &right->entry() == &found.entry() && right->network().isa() == found.network().isa())
            return LayerTolerance::of_rounding(0);
        return LayerTolerance::of_rounding(std::max(rounding_of(found.entry().data_types),
                                                    rounding_of(right ? right->entry().data_types : DataTypes{})));
    }

    void report(Console& console, const NetworkSide& found, const std::optional<NetworkSide>& right,
                const LayerComparison& comparison, const Samples& samples, const std::optional<DumpedLayers>& files,
                const Json& written) const {
        const DumpedLayers* of_files = files ? &*files : nullptr;
        std::string text = fmt::format("{}\nagainst {}\non {}, tolerance {}\n\n{}", found.text(),
                                       right ? right->text() : "the files in " + printable(against_.folder),
                                       samples.size() == 1 ? printable(samples.names.front())
                                                           : plural(static_cast<std::int64_t>(samples.size()), "input"),
                                       comparison.tolerance().text(), readable(comparison));
        text += "\n" + readable_uncompared(comparison, of_files);
        if (comparison.first_beyond() == nullptr) text += sentence_of(comparison) + "\n";
        if (!written.is_null())
            text += fmt::format("written: the layer and its inputs for input {}, in {} and {}\n",
                                written["sample"].get<std::size_t>(), printable(folder_ + "/found"),
                                printable(folder_ + "/right"));
        print_result(report_, console, text, [&] {
            Json json = found.json();
            json["against"] = right ? right->json() : json_object({{"folder", against_.folder}});
            json["inputs"] = samples.names;
            json["tolerance"] = comparison.tolerance().text();
            json.update(json_of(comparison, of_files));
            if (!written.is_null()) json["written"] = written;
            return json;
        });
    }

    std::unique_ptr<SampleOptions> samples_;
    ModelOptions model_;
    AgainstOptions against_;
    ReportOptions report_;
    std::optional<double> tolerance_;
    std::string folder_, layers_;
};

}  // namespace taxon::app
