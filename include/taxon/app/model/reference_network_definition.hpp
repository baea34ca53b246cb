#pragma once
#include <taxon/app/model/reference_network.hpp>
#include <taxon/backend/reference/reference.hpp>

/// Definitions for reference_network.hpp. Included by exactly one source file of a program.
namespace taxon::app {
namespace detail {

class ReferenceNetwork final : public AnyModel {
  public:
    ReferenceNetwork(GraphView graph, void (*prepare)(const Image&, PixelTarget), const WeightSource& source)
        : graph_(graph), prepare_(prepare), interpreter_(graph, source) {}

    GraphView graph() const override { return graph_; }
    PlanView plan() const override { return {}; }
    std::string_view isa() const override { return "none"; }
    int words() const override { return interpreter_.words(); }

    std::unique_ptr<Workspace> make_workspace() const override { return std::make_unique<Workspace>(); }
    Workspace& thread_workspace() const override {
        static thread_local Workspace workspace;
        return workspace;
    }
    void preprocess(const Image& picture, PixelTarget target) const override {
        if (prepare_ == nullptr) throw without_pictures();
        prepare_(picture, target);
    }

    void run(std::span<const float> samples, std::span<float> outputs, Workspace&, int,
             std::span<const int> valid) const override {
        const std::size_t out = sample_size(graph_.outputs, graph_.inputs.front().shape.width),
                          count = outputs.size() / out, in = samples.size() / std::max<std::size_t>(count, 1);
        for (std::size_t i = 0; i < count; ++i)
            interpreter_.run(samples.subspan(i * in, in), outputs.subspan(i * out, out), graph_.length_of(in),
                             valid.empty() ? 0 : valid[i]);
    }

    void run_ports(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace&,
                   int length) const override {
        if (length == none) length = graph_.inputs.front().shape.width;
        const std::size_t batch = batch_of(graph_.inputs, inputs, length);
        std::vector<InputNumbers> from(graph_.inputs.size());
        std::vector<OutputNumbers> to(graph_.outputs.size());
        find_in_list(graph_.inputs, inputs, batch, length, from);
        find_in_list(graph_.outputs, outputs, batch, length, to);
        std::vector<float> sample, answer(sample_size(graph_.outputs, length));
        for (std::size_t i = 0; i < batch; ++i) {
            sample.clear();
            for (const InputNumbers& numbers : from)
                sample.insert(sample.end(), numbers.of(i), numbers.of(i) + numbers.stride);
            interpreter_.run(sample, answer, length);
            for (auto at = answer.begin(); const OutputNumbers& numbers : to) {
                std::copy_n(at, numbers.stride, numbers.of(i));
                at += static_cast<std::ptrdiff_t>(numbers.stride);
            }
        }
    }

    void walk(std::span<const float> sample, Workspace&, const LayerVisitor& see) const override {
        interpreter_.walk(sample, graph_.length_of(sample.size()), see);
    }
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection>) const override {
        throw Error(Fault::usage, {.file = path.string(),
                                   .found = "a network on the Reference backend, which packs no weights",
                                   .wanted = "the cpu backend"});
    }

  private:
    GraphView graph_;
    void (*prepare_)(const Image&, PixelTarget);
    reference::Interpreter interpreter_;
};

}  // namespace detail

std::unique_ptr<AnyModel> load_reference(GraphView graph, void (*preprocess)(const Image&, PixelTarget),
                                         const WeightSource& source, const Settings& settings) {
    if (settings.isa != "auto")
        throw Error(Fault::usage, {.place = "instruction set",
                                   .found = "'" + settings.isa + "' for the Reference backend, which has none",
                                   .wanted = "auto"});
    return std::make_unique<detail::ReferenceNetwork>(graph, preprocess, source);
}

}  // namespace taxon::app
