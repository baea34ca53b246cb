#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <taxon/core/error.hpp>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/compute.hpp>
#include <taxon/onnx/model.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::folding {

/// A call of constants that is computed when one of its results is first read: a file that is refused has few of them
/// computed, and these within its budget.
class Deferred {
  public:
    /// `call` has its operands; `model` keeps its node; `work` is what computing counts as.
    Deferred(const Operator& operation, Call call, std::shared_ptr<const ModelProto> model, std::uint64_t work)
        : operation_(operation), call_(std::move(call)), model_(std::move(model)), work_(work) {}

    /// Of result i. Throws what computing does, with the node as its place.
    std::shared_ptr<const void> numbers(std::size_t i) {
        const std::lock_guard lock(mutex_);
        if (results_.empty()) compute();
        return results_[i].shared_numbers();
    }

    /// Calls that are computed from each other on a thread's stack; a dozen are usual in exported files.
    static constexpr int deepest = 64;

    /// The results of a call as tensors.
    static std::vector<Tensor> results(std::shared_ptr<Deferred> call) {
        int depth = 0;
        for (const Tensor& operand : call->call_.operands) depth = std::max(depth, operand.depth());
        if (depth == deepest) {
            for (const Tensor& operand : call->call_.operands) operand.make();
            depth = 0;
        }
        std::vector<Tensor> results;
        for (std::size_t i = 0; i < call->call_.outputs.size(); ++i) {
            const Value& output = call->call_.outputs[i];
            auto late = std::make_shared<LateNumbers>([call, i] { return call->numbers(i); }, depth + 1);
            results.emplace_back(output.type, output.shape, std::move(late));
        }
        return results;
    }

  private:
    void compute() {
        try {
            std::size_t bytes = 0;
            for (const Value& output : call_.outputs)
                bytes += static_cast<std::size_t>(io::element_count(output.shape)) * kept_size(output.type);
            const auto act = [&] { onnx::compute(operation_, call_); };
            const auto allowed = call_.checking.lock();
            if (allowed) allowed->work(work_), allowed->compute(bytes, act);
            else act();
        } catch (const Error& error) { throw placed(error, call_); }
        results_ = std::move(call_.results);
        call_ = {};
        model_ = nullptr;
    }

    std::mutex mutex_{};
    const Operator& operation_;
    Call call_;
    std::shared_ptr<const ModelProto> model_;
    std::uint64_t work_;
    std::vector<Tensor> results_{};
};

}  // namespace taxon::onnx::folding
