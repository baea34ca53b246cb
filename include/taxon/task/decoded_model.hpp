#pragma once
#include <memory>
#include <span>
#include <taxon/any_model.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// Makes one sample's result of what the network gives for it, its outputs one after the other.
using Decode = void (*)(std::span<const float> numbers, Shape input, Shape output, std::span<float> result);

/// A network over pictures whose outputs are no result yet, such as a published detector's heads: a model with one
/// output, the result, for tasks and command lines to take like any other.
class DecodedModel final : public AnyModel {
  public:
    /// What the network itself does not say: its input as a picture, the way of a picture into it, and the result.
    struct Facts {
        Shape input{}, result{};
        InputPolicies policies{};
        Decode decode = nullptr;
    };

    DecodedModel(std::unique_ptr<AnyModel> network, const Facts& facts)
        : network_(std::move(network)),
          facts_(facts), output_{.shape = facts.result, .node = network_->graph().outputs.front().node} {}

    GraphView graph() const override {
        GraphView graph = network_->graph();
        graph.outputs = {&output_, 1};
        return graph;
    }
    PlanView plan() const override { return network_->plan(); }
    std::string_view isa() const override { return network_->isa(); }
    InputPolicies input_policies() const override { return facts_.policies; }

    std::unique_ptr<Workspace> make_workspace() const override {
        auto memory = std::make_unique<Memory>();
        memory->own = network_->make_workspace();
        memory->inner = memory->own.get();
        return memory;
    }
    Workspace& thread_workspace() const override {
        static thread_local Memory memory;
        memory.inner = &network_->thread_workspace();
        return memory;
    }

    void run(std::span<const float> samples, std::span<float> outputs, Workspace& workspace, int length,
             std::span<const int> valid) const override {
        auto& memory = static_cast<Memory&>(workspace);
        const auto size = static_cast<std::size_t>(output_.shape.size());
        const std::size_t count = outputs.size() / size, raw = sample_size(network_->graph().outputs, length);
        memory.numbers.resize(count * raw);
        network_->run(samples, memory.numbers, *memory.inner, length, valid);
        for (std::size_t i = 0; i < count; ++i)
            facts_.decode(std::span(memory.numbers).subspan(i * raw, raw), facts_.input, facts_.result,
                          outputs.subspan(i * size, size));
    }
    void run_ports(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace& workspace,
                   int length) const override {
        run(inputs.front().numbers, outputs.front().numbers, workspace, length, {});
    }
    void preprocess(const Image& picture, PixelTarget target) const override {
        facts_.policies.preprocess(picture, target);
    }
    std::vector<float> run_picture(const Image& picture, Workspace& workspace) const override {
        std::vector<float> sample(static_cast<std::size_t>(facts_.input.size())),
            result(static_cast<std::size_t>(facts_.result.size()));
        preprocess(picture, planes_of(facts_.input, sample));
        run(sample, result, workspace, facts_.input.width, {});
        return result;
    }

    /// What the network's steps make, before it is decoded.
    void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see) const override {
        network_->walk(sample, *static_cast<Memory&>(workspace).inner, see);
    }
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const override {
        network_->save(path, more);
    }

  private:
    struct Memory final : Workspace {
        std::unique_ptr<Workspace> own{};
        Workspace* inner = nullptr;
        std::vector<float> numbers{};
        void record_to(cpu::RunRecord* record) override { inner->record_to(record); }
    };

    std::unique_ptr<AnyModel> network_;
    Facts facts_;
    Port output_;
};

}  // namespace taxon::task
