#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/memory_budget.hpp>

namespace taxon::onnx {

/// What may be spent on a graph before it is known to be right: memory for its nodes and for constants, and work on
/// the constants that shapes depend on, in numbers read or made, which take 2 to 40 ns each.
class Checking {
  public:
    /// `bytes`: as a model says in `memory`.
    Checking(const Limits& limits, std::size_t bytes) : memory(limits, bytes, ""), left_(limits.inferred_elements) {}

    io::MemoryBudget memory;

    /// Throws Fault::limit if less is left.
    void work(std::uint64_t numbers) {
        if (numbers > left_)
            throw Error(Fault::limit,
                        {.found = "shapes and indices that depend on " + std::to_string(numbers) + " more numbers",
                         .wanted = "at most " + std::to_string(left_)});
        left_ -= numbers;
    }
    std::uint64_t work_left() const { return left_; }

  private:
    std::uint64_t left_;
};

}  // namespace taxon::onnx
