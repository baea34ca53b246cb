#pragma once
#include <concepts>
#include <functional>
#include <span>
#include <taxon/any_model.hpp>
#include <taxon/core/image.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/policy/input_policies.hpp>
#include <vector>

namespace taxon::task {

/// A model whose shapes and policies are part of its type, such as `Model<…>`, so that a task can check them at compile
/// time.
template <class M>
concept TypedModel = requires(const M& model, std::span<const float> samples, std::span<float> outputs,
                              typename M::Workspace& workspace, std::span<const int> valid) {
    typename M::Preprocess;
    requires taxon::ShapeMode<typename M::ShapeMode>;
    { M::input_shape } -> std::convertible_to<Shape>;
    { M::output_shape } -> std::convertible_to<Shape>;
    { M::graph } -> std::convertible_to<GraphView>;
    { M::thread_workspace() } -> std::same_as<typename M::Workspace&>;
    model(samples, outputs, workspace, 1, valid);
};

/// A bound model with a workspace, one run at a time: all that tasks need of it, whatever its type. It refers to the
/// model and the workspace, which must outlive it.
struct Runner {
    Shape input{}, output{};
    InputPolicies policies{};

    /// Runs contiguous samples to contiguous outputs; `length` and `valid` as in Model::operator(). Throws as that
    /// does.
    std::function<void(std::span<const float> samples, std::span<float> outputs, int length,
                       std::span<const int> valid)>
        run{};

    /// Runs one picture, preprocessed straight into the network's input; null where the model cannot.
    std::function<std::vector<float>(const Image&)> run_picture{};

    std::size_t input_size() const { return static_cast<std::size_t>(input.size()); }
    std::size_t output_size() const { return static_cast<std::size_t>(output.size()); }
};

template <TypedModel M>
Runner runner_of(const M& model, typename M::Workspace& workspace) {
    static_assert(M::graph.inputs.size() == 1 && M::graph.outputs.size() == 1,
                  "taxon::task: this network has several inputs or outputs; call the model itself, by their names");
    Runner runner{
        .input = M::input_shape,
        .output = M::output_shape,
        .policies = input_policies_of<typename M::ShapeMode, typename M::Preprocess>(M::input_shape),
        .run = [&model, &workspace](std::span<const float> samples, std::span<float> outputs, int length,
                                    std::span<const int> valid) { model(samples, outputs, workspace, length, valid); }};
    if constexpr (PicturePreprocess<typename M::Preprocess>)
        runner.run_picture = [&model, &workspace](const Image& picture) { return model(picture, workspace); };
    return runner;
}

/// Throws Fault::usage for a network of several inputs or outputs.
inline Runner runner_of(const AnyModel& model, AnyModel::Workspace& workspace) {
    if (model.graph().inputs.size() > 1 || model.graph().outputs.size() > 1)
        throw Error(Fault::usage, {.place = "task",
                                   .found = text_of(model.graph().inputs) + " to " + text_of(model.graph().outputs),
                                   .wanted = "a network of one input and one output",
                                   .remedy = "call the model itself, by their names"});
    return {
        .input = model.input_shape(),
        .output = model.output_shape(),
        .policies = model.input_policies(),
        .run = [&model,
                &workspace](std::span<const float> samples, std::span<float> outputs, int length,
                            std::span<const int> valid) { model.run(samples, outputs, workspace, length, valid); },
        .run_picture = [&model, &workspace](const Image& picture) { return model.run_picture(picture, workspace); }};
}

}  // namespace taxon::task
