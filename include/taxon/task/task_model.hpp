#pragma once
#include <memory>
#include <span>
#include <taxon/any_model.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// A network behind the input and the result of a task, which are not its own: a model with one of each, for tasks and
/// command lines to take like any other. A derived class says how it runs.
class TaskModel : public AnyModel {
  public:
    /// What the network itself does not say: its input and its result, and the way of a picture or a text into it.
    struct Facts {
        Port input{}, result{};
        InputPolicies policies{};
    };

    TaskModel(std::unique_ptr<AnyModel> network, const Facts& facts) : network_(std::move(network)), facts_(facts) {}

    GraphView graph() const override {
        GraphView graph = network_->graph();
        graph.inputs = {&facts_.input, 1}, graph.outputs = {&facts_.result, 1};
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

    void run_ports(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace& workspace,
                   int length) const override {
        run(inputs.front().numbers, outputs.front().numbers, workspace, length, {});
    }
    void preprocess(const Image& picture, PixelTarget target) const override {
        if (facts_.policies.preprocess == nullptr) throw without_pictures();
        facts_.policies.preprocess(picture, target);
    }
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const override {
        network_->save(path, more);
    }

  protected:
    struct Memory final : Workspace {
        std::unique_ptr<Workspace> own{};
        Workspace* inner = nullptr;
        std::vector<float> inputs{}, outputs{};  ///< of the network
        void record_to(cpu::RunRecord* record) override { inner->record_to(record); }
    };
    static Memory& memory(Workspace& workspace) { return static_cast<Memory&>(workspace); }

    const AnyModel& network() const { return *network_; }
    const Facts& facts() const { return facts_; }
    std::size_t result_size() const { return static_cast<std::size_t>(facts_.result.shape.size()); }

  private:
    std::unique_ptr<AnyModel> network_;
    Facts facts_;
};

}  // namespace taxon::task
