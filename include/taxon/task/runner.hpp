#pragma once
#include <algorithm>
#include <concepts>
#include <functional>
#include <span>
#include <taxon/core/image.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/policy/shape_mode.hpp>

namespace taxon::task {

/// A model whose shapes and policies are part of its type, such as `Model<…>`: what a task can check while compiling.
template <class M>
concept TypedModel = requires(const M& model, std::span<const float> samples, std::span<float> outputs,
                              typename M::Workspace& workspace, std::span<const int> valid) {
    typename M::Preprocess;
    requires taxon::ShapeMode<typename M::ShapeMode>;
    { M::input_shape } -> std::convertible_to<Shape>;
    { M::output_shape } -> std::convertible_to<Shape>;
    { M::thread_workspace() } -> std::same_as<typename M::Workspace&>;
    model(samples, outputs, workspace, 1, valid);
};

/// A bound model with the memory of its runs, one run at a time: all that tasks need to know of it, whatever its type.
/// It refers to the model and the workspace, which must outlive it.
struct Runner {
    Shape input{}, output{};
    Range batch{1, 1};   ///< samples of a run
    Range length{1, 1};  ///< tokens of a sample, of a network over texts

    /// Samples and outputs one after the other; `length` and `valid` as of Model::operator(). Throws what that does.
    std::function<void(std::span<const float> samples, std::span<float> outputs, int length,
                       std::span<const int> valid)>
        run{};

    /// Input preprocessing of a picture. None for a network over texts.
    std::function<void(const Image&, PixelTarget)> preprocess{};

    /// One picture straight into the network's input. None where that is not known to be quicker.
    std::function<void(const Image&, std::span<float> output)> run_picture{};

    std::size_t input_size() const { return static_cast<std::size_t>(input.size()); }
    std::size_t output_size() const { return static_cast<std::size_t>(output.size()); }

    /// A sample's numbers as planes of pixels.
    PixelTarget planes(std::span<float> sample) const {
        return {.at = sample.data(), .row = input.width, .column = 1, .channel = input.pixels()};
    }
};

template <TypedModel M>
Runner runner_of(const M& model, typename M::Workspace& workspace) {
    Runner runner{
        .input = M::input_shape,
        .output = M::output_shape,
        .batch = {M::ShapeMode::min_batch, M::ShapeMode::max_batch},
        .length = {M::ShapeMode::min_length, M::input_shape.width},
        .run = [&model, &workspace](std::span<const float> samples, std::span<float> outputs, int length,
                                    std::span<const int> valid) { model(samples, outputs, workspace, length, valid); }};
    if constexpr (PicturePreprocess<typename M::Preprocess>) {
        runner.preprocess = [](const Image& picture, PixelTarget target) { M::Preprocess::apply(picture, target); };
        runner.run_picture = [&model, &workspace](const Image& picture, std::span<float> output) {
            std::ranges::copy(model(picture, workspace), output.begin());
        };
    }
    return runner;
}

/// With the calling thread's workspace, for use on that thread.
template <TypedModel M>
Runner runner_of(const M& model) {
    return runner_of(model, M::thread_workspace());
}

}  // namespace taxon::task
