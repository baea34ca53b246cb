#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/memory_budget.hpp>

namespace taxon::onnx {

/// What may be spent on a graph before it is known to be right: memory for its nodes and for constants, and work on
/// the constants that shapes depend on, in numbers read or made, which take 2 to 40 ns each.
class Checking {
  public:
    /// While lowering, whole constants are decoded free of charge; layers and computed constants are still charged.
    enum class Stage { folding, lowering, over };

    /// `bytes`: as a model says in `memory`.
    Checking(const Limits& limits, std::size_t bytes) : memory(limits, bytes, ""), left_(limits.inferred_elements) {}

    io::MemoryBudget memory;  ///< until it is over

    void begin(Stage stage) { stage_ = stage; }

    // Each of these throws Fault::limit if less is left.
    void work(std::uint64_t numbers) {
        if (stage_ != Stage::folding) return;
        if (numbers > left_)
            throw Error(Fault::limit,
                        {.found = "shapes and indices that depend on " + std::to_string(numbers) + " more numbers",
                         .wanted = "at most " + std::to_string(left_)});
        left_ -= numbers;
    }
    void decode(std::size_t bytes) {
        if (stage_ == Stage::folding) memory.charge(bytes);
    }
    /// Of results; computing may take as much besides.
    template <class Compute>
    void compute(std::size_t bytes, Compute&& act) {
        if (stage_ == Stage::over) return act();
        charge(2 * bytes);
        act();
        const std::lock_guard lock(mutex_);
        memory.give_back(bytes);
    }
    /// Charges memory that stays allocated.
    void keep(std::size_t bytes) {
        if (stage_ != Stage::over) charge(bytes);
    }
    std::uint64_t work_left() const { return left_; }

  private:
    void charge(std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        memory.charge(bytes);
    }

    std::atomic<Stage> stage_{Stage::folding};
    std::mutex mutex_{};
    std::uint64_t left_;
};

}  // namespace taxon::onnx
