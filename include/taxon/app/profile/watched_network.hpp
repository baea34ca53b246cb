#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <taxon/any_model.hpp>
#include <taxon/backend/cpu/run_record.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace taxon::app {

/// A network that notes when its runs and its preprocessing began and ended, while it is watched; the work around it
/// need not know. The network must outlive it, and its workspaces it.
class WatchedNetwork final : public AnyModel {
  public:
    using Clock = cpu::RunRecord::Clock;

    struct Preprocessing {
        std::thread::id thread;
        Clock::time_point begin, end;
    };

    explicit WatchedNetwork(const AnyModel& network) : network_(network) {}

    /// Starts to note, or ends it.
    void watch(bool on) {
        watched_ = on;
        for (Workspace* workspace : workspaces_) workspace->record_to(on ? &record_ : nullptr);
    }

    /// What was noted since the last call.
    std::vector<cpu::RunRecord::Run> take_runs() { return std::exchange(record_.runs, {}); }
    std::vector<Preprocessing> take_preprocessing() { return std::exchange(preprocessing_, {}); }

    GraphView graph() const override { return network_.graph(); }
    PlanView plan() const override { return network_.plan(); }
    std::string_view isa() const override { return network_.isa(); }
    int words() const override { return network_.words(); }
    InputPolicies input_policies() const override { return network_.input_policies(); }

    std::unique_ptr<Workspace> make_workspace() const override {
        auto workspace = network_.make_workspace();
        workspaces_.push_back(workspace.get());
        return workspace;
    }
    Workspace& thread_workspace() const override { return network_.thread_workspace(); }

    void run(std::span<const float> samples, std::span<float> outputs, Workspace& workspace, int length,
             std::span<const int> valid) const override {
        network_.run(samples, outputs, workspace, length, valid);
    }
    void run_ports(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace& workspace,
                   int length) const override {
        network_.run_ports(inputs, outputs, workspace, length);
    }
    void preprocess(const Image& picture, PixelTarget target) const override {
        const auto begin = Clock::now();
        network_.preprocess(picture, target);
        if (!watched_) return;
        const std::lock_guard lock(mutex_);
        preprocessing_.push_back({std::this_thread::get_id(), begin, Clock::now()});
    }
    void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see) const override {
        network_.walk(sample, workspace, see);
    }
    void run_edited(std::span<const float> sample, std::span<float> output, Workspace& workspace,
                    const LayerEditor& edit) const override {
        network_.run_edited(sample, output, workspace, edit);
    }
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const override {
        network_.save(path, more);
    }

  private:
    const AnyModel& network_;
    bool watched_ = false;
    cpu::RunRecord record_{};
    mutable std::vector<Workspace*> workspaces_{};
    mutable std::mutex mutex_{};
    mutable std::vector<Preprocessing> preprocessing_{};
};

}  // namespace taxon::app
