#pragma once
#include <array>
#include <string>
#include <taxon/app/profile/machine.hpp>
#include <taxon/plan/chain.hpp>
#include <vector>

namespace taxon::app {

/// A value as a step sees it: its shape, at the length that ran; strides in elements.
struct ProfiledValue {
    Shape shape{};
    Element element{};
    std::array<int, 3> strides{};
    double bytes = 0;  ///< of one sample
};

/// What one part of a run did, how long it took, and how long it had to take. A part is a step of the plan, or what
/// lies before and after the steps. Numbers and times are those of a whole batch, except where it says so.
struct ProfileRow {
    std::string stage = "network";  ///< "read", "preprocess", "network", "postprocess"
    int step = none;                ///< number of the plan's step; none: not a step
    std::string layer{};            ///< as the state dict spells it, or a word
    std::vector<std::string> layers{}, fused{};
    std::string kind{}, operation{}, tile{}, why{};
    StepChain chain{};                           ///< that it belongs to; of no rows if to none
    ProfiledValue input{}, output{}, operand{};  ///< of no bytes if there is none
    Element weights{};
    double weight_bytes = 0;             ///< packed, with biases
    double flops = 0, kernel_flops = 0;  ///< by the direct algorithm; by the kernel's
    double moved_bytes = 0;              ///< read or written, weights once a sample
    double seconds = 0, least_seconds = 0;
    double compute_seconds = 0, memory_seconds = 0;  ///< at the machine's roofs
    std::vector<double> busy{};                      ///< seconds of each thread's own work
    double imbalance = 1;
    int buffer = none;

    double roof_seconds() const { return compute_seconds > memory_seconds ? compute_seconds : memory_seconds; }
    bool memory_bound() const { return memory_seconds >= compute_seconds; }
    bool has_roof() const { return step != none && roof_seconds() > 0; }
    /// The part of the roof that it reaches: 1 is all of it.
    double of_roof() const { return seconds > 0 ? roof_seconds() / seconds : 0; }
};

/// A profiled network. Seconds are per run of a batch.
struct Profile {
    std::string description;
    std::string threads_from;
    int batch = 1, threads = 1, length = 0;  ///< length: tokens of a text, 0 for pictures
    bool end_to_end = false;
    std::size_t profiled_runs = 0, unprofiled_runs = 0;
    double unprofiled_seconds = 0, profiled_seconds = 0;
    Machine machine{};
    double flops = 0, weights_bytes = 0, arena_bytes = 0;
    DataTypes data_types{};
    std::vector<ProfileRow> rows{};  ///< in run order
    std::vector<double> busy{};      ///< seconds of each thread's own work in the network
    double network_seconds = 0;      ///< of the network's runs

    double seconds_in_rows() const {
        double sum = 0;
        for (const ProfileRow& row : rows) sum += row.seconds;
        return sum;
    }
    double overhead() const { return unprofiled_seconds > 0 ? profiled_seconds / unprofiled_seconds - 1 : 0; }
};

}  // namespace taxon::app
