#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/core/image.hpp>
#include <taxon/graph/indices.hpp>
#include <taxon/policy/precision.hpp>

namespace taxon::backend {

/// Backend: the executable specification, xtensor formulas layer by layer; every layer's output is visible.
struct Reference {
    static constexpr std::string_view name = "reference";
    struct Options {};

    /// A sample and its outputs in the caller's layout: (C, H, W), or tokens of features; ports one after the other.
    struct Workspace {
        std::vector<float> sample{}, outputs{};
    };

    template <class A, Shape Input, class Precision, class Execution>
    class Engine {
        static_assert(Precision::data_types == DataTypes{},
                      "taxon::backend::Reference: it computes in double; give it no Precision");

      public:
        static constexpr GraphView graph = graph_of<A, Input>;
        static constexpr std::int64_t arena_bytes(int, int) { return 0; }
        static constexpr std::int64_t packed_bytes =
            static_cast<std::int64_t>(sizeof(double)) * graph.parameter_count();

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

        void run(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const {
            run_one(outputs, 0, length, workspace, 0);
        }
        void run(std::span<const InputNumbers> inputs, std::span<const OutputNumbers> outputs, int batch, int length,
                 Workspace& workspace, std::span<const int> valid = {}) const {
            check_indices(graph, words(), inputs, batch, length);
            for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i) {
                workspace.sample.clear();
                for (std::size_t port = 0; port < graph.inputs.size(); ++port)
                    workspace.sample.insert(workspace.sample.end(), inputs[port].of(i),
                                            inputs[port].of(i) + graph.inputs[port].shape.size_of(length));
                run_one(outputs, i, length, workspace, valid.empty() ? 0 : valid[i]);
            }
        }
        void walk(int length, Workspace& workspace, const LayerVisitor& see) const {
            interpreter_.walk(workspace.sample, length, see);
        }

      private:
        void run_one(std::span<const OutputNumbers> outputs, std::size_t i, int length, Workspace& workspace,
                     int valid) const {
            workspace.outputs.resize(sample_size(graph.outputs, length));
            interpreter_.run(workspace.sample, workspace.outputs, length, valid);
            const float* from = workspace.outputs.data();
            for (std::size_t port = 0; port < graph.outputs.size(); ++port) {
                const std::size_t size = graph.outputs[port].shape.size_of(length);
                std::copy_n(from, size, outputs[port].of(i));
                from += size;
            }
        }

        reference::Interpreter interpreter_;
    };
};

}  // namespace taxon::backend
