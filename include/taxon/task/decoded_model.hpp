#pragma once
#include <memory>
#include <span>
#include <taxon/task/task_model.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// Makes one sample's result of what the network gives for it, its outputs one after the other.
using Decode = void (*)(std::span<const float> numbers, Shape input, Shape output, std::span<float> result);

/// A network over pictures whose outputs are no result yet, such as a published detector's heads.
class DecodedModel final : public TaskModel {
  public:
    DecodedModel(std::unique_ptr<AnyModel> network, const Facts& facts, Decode decode)
        : TaskModel(std::move(network), facts), decode_(decode) {}

    void run(std::span<const float> samples, std::span<float> results, Workspace& workspace, int length,
             std::span<const int> valid) const override {
        Memory& own = memory(workspace);
        const std::size_t size = result_size(), count = results.size() / size,
                          raw = sample_size(network().graph().outputs, length);
        own.outputs.resize(count * raw);
        network().run(samples, own.outputs, *own.inner, length, valid);
        for (std::size_t i = 0; i < count; ++i)
            decode_(std::span(own.outputs).subspan(i * raw, raw), facts().input.shape, facts().result.shape,
                    results.subspan(i * size, size));
    }
    std::vector<float> run_picture(const Image& picture, Workspace& workspace) const override {
        const Shape input = facts().input.shape;
        std::vector<float> sample(static_cast<std::size_t>(input.size())), result(result_size());
        preprocess(picture, planes_of(input, sample));
        run(sample, result, workspace, input.width, {});
        return result;
    }

    /// What the network's steps make, before it is decoded.
    void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see) const override {
        network().walk(sample, *memory(workspace).inner, see);
    }

  private:
    Decode decode_;
};

}  // namespace taxon::task
