#pragma once
#include <string_view>
#include <vector>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/core/image.hpp>
#include <taxon/graph/token_ids.hpp>
#include <taxon/policy/precision.hpp>

namespace taxon::backend {

/// Backend: the executable specification, xtensor formulas layer by layer; every layer's output is visible.
struct Reference {
    static constexpr std::string_view name = "reference";
    struct Options {};

    /// The sample in the caller's layout: (C, H, W), or tokens of features.
    struct Workspace {
        std::vector<float> sample{};
    };

    template <class A, Shape Input, class Precision, class Execution>
    class Engine {
        static_assert(Precision::data_types == DataTypes{},
                      "taxon::backend::Reference: it computes in double; give it no Precision");

      public:
        static constexpr GraphView graph = graph_of<A, Input>;
        static constexpr long arena_bytes = 0,
                              packed_bytes = static_cast<long>(sizeof(double)) * graph.parameter_count();

        Engine(const WeightSource& source, Options) : interpreter_(graph, source) {}

        std::string_view isa() const { return "none"; }
        int words() const { return interpreter_.words(); }

        PixelTarget input(Workspace& workspace) const {
            workspace.sample.resize(static_cast<std::size_t>(Input.size()));
            return {workspace.sample.data(), Input.width, 1, Input.pixels()};
        }
        void load_input(std::span<const float> sample, int, Workspace& workspace) const {
            workspace.sample.assign(sample.begin(), sample.end());
        }

        void run(std::span<float> output, int length, Workspace& workspace) const {
            interpreter_.run(workspace.sample, output, length);
        }
        void run(std::span<const float> samples, std::span<float> outputs, int batch, int length, Workspace&,
                 std::span<const int> valid = {}) const {
            check_token_ids(graph, words(), samples);
            const std::size_t in = samples.size() / static_cast<std::size_t>(batch),
                              out = outputs.size() / static_cast<std::size_t>(batch);
            for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i)
                interpreter_.run(samples.subspan(i * in, in), outputs.subspan(i * out, out), length,
                                 valid.empty() ? 0 : valid[i]);
        }
        void walk(int length, Workspace& workspace, const LayerVisitor& see) const {
            interpreter_.walk(workspace.sample, length, see);
        }

      private:
        reference::Interpreter interpreter_;
    };
};

}  // namespace taxon::backend
