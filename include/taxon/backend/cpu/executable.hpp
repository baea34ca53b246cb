#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <taxon/backend/cpu/executor.hpp>
#include <taxon/backend/cpu/kernel_table.hpp>
#include <taxon/backend/cpu/packed.hpp>
#include <taxon/backend/cpu/run_record.hpp>
#include <taxon/backend/cpu/workspace.hpp>
#include <taxon/core/image.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/graph/port_numbers.hpp>
#include <taxon/plan/chain.hpp>
#include <taxon/plan/micro_batch.hpp>
#include <taxon/plan/superstep.hpp>
#include <utility>
#include <vector>

namespace taxon::cpu {

struct Share;
struct Supersteps;
class TeamChoice;

/// Options of a bound network.
struct Options {
    std::optional<Isa> isa{};      ///< default: TAXON_ISA, or else the best one
    int threads = 0;               ///< at most; 0: all that the process may use; 1: only the caller's
    Executor* executor = nullptr;  ///< its threads; default: the process's pool. Must outlive the model
};

/// A bound network as data: packed weights, kernels and the plan that connects them.
class Executable {
  public:
    Executable(GraphView graph, PlanView plan, Packed packed, KernelTable kernel_table, const Options& options);

    const Packed& packed() const { return packed_; }

    std::string_view isa() const { return name_of(kernels_.isa); }

    /// Rows of the word embeddings, those that the type does not know included; 0 if there are none.
    int words() const;

    /// The number of threads of a run, unless others keep them busy.
    int threads() const;

    /// The destination of a picture's normalised floats: the network's own first input, with halo and padding zeroed;
    /// or, if that is not float, a buffer beside it.
    PixelTarget input(Workspace& workspace) const;

    /// Runs on what was written to `input`, the network's only one. Outputs are dense, (C, H, W), `length` tokens of
    /// features, or rows.
    void run(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const;

    /// Runs a batch of samples, each (C, H, W) or `length` tokens of features. Threads take whole samples, which needs
    /// no barriers, a few at a time where these share weights (MicroBatch); the remaining ones are split. Attention in
    /// sample i is limited to the first `valid[i]` tokens, unless `valid` is empty.
    void run(std::span<const InputNumbers> inputs, std::span<const OutputNumbers> outputs, int batch, int length,
             Workspace& workspace, std::span<const int> valid = {}) const;

    /// Runs on what `load_input` loaded, on this thread, and passes every step's output to `see` under the name of
    /// the last layer that it computes: as many tokens as it computes.
    void walk(int length, Workspace& workspace, const LayerVisitor& see) const;

    /// Runs on what `load_input` loaded, on this thread, and lets `edit` change every step's output before the next
    /// step reads it, and, for each convolution that reads a rounded copy where the value itself lies, that copy, which
    /// no other step sees. Means accumulated within a step use the numbers before the change. Outputs lie one after the
    /// other. Throws Fault::usage unless all values are float.
    void run_edited(std::span<float> output, int length, Workspace& workspace, const LayerEditor& edit) const;

    /// Loads one sample, its inputs one after the other.
    void load_input(std::span<const float> sample, int length, Workspace& workspace) const;

  private:
    /// One sample that all threads work on, step by step, or that one thread runs among others.
    struct Job {
        const Executable* network;
        std::span<const InputNumbers> inputs;  ///< none if they are already there
        std::span<const OutputNumbers> outputs;
        std::size_t sample;
        std::byte* arena;
        int length, valid = 0;
        RunRecord::Run* record = nullptr;
        const std::vector<Superstep>* supersteps = nullptr;
        int skipped = 0;                    ///< supersteps: the conversion of inputs that are already there
        int superstep = 0, parts = 1;       ///< for an executor
        const MicroBatch* among = nullptr;  ///< those that share its arena
        int number = 0, tokens_before = 0;  ///< its place among them
    };
    using Jobs = std::span<const Job>;

    /// Samples that threads take in turn, a micro-batch at a time, each thread in its own arena.
    struct Batch {
        const Executable* network;
        std::span<const InputNumbers> inputs;
        std::span<const OutputNumbers> outputs;
        int count, threads;
        std::byte* arenas;
        std::size_t arena_stride;
        const MicroBatch* among;  ///< null: one at a time
        int most;                 ///< of them
        int length;
        std::span<const int> valid;
        RunRecord::Run* record;

        template <class Watch>
        void run(int thread, int member) const;  ///< the member records it
    };

    /// Policies of a run: what it records. Everything between a run's start and its kernels is compiled for each.
    struct Unwatched;
    struct Watched;

    static constexpr std::size_t page = 4096, arena_gap = page + 2 * cache_line;
    /// Arenas are aligned to cache lines, and not a power of two apart.
    std::size_t arena_stride() const { return detail::size(plan_.arena_bytes) + arena_gap; }
    std::byte* arena(Workspace& workspace, std::size_t more = 0) const;

    /// A picture's floats that are yet to be converted, after the first arena.
    std::size_t staging_bytes() const;
    float* staging(std::byte* arena) const;

    template <class Watch>
    void run_picture(std::span<const OutputNumbers> outputs, int length, Workspace& workspace) const;
    template <class Watch>
    void run_batch(std::span<const InputNumbers> inputs, std::span<const OutputNumbers> outputs, int batch, int length,
                   Workspace& workspace, std::span<const int> valid) const;

    template <class Watch>
    void split(Job& job) const;

    /// On as many threads as were quickest so far.
    void run_on_team(const Supersteps& work, int most, int length) const;

    /// The supersteps of a sample: the conversion of the inputs, and then those of the plan. A part of one; and what
    /// one thread does before it, or after the last one.
    template <class Watch>
    static void run_shared(const Job& job, const Share& share);
    template <class Watch>
    static void run_alone(const Job& job, int superstep, int member);

    /// On a caller's threads, which need not run concurrently: they meet after every superstep.
    template <class Watch>
    void run_by_executor(Job& job) const;

    /// What a record takes of a sample on one thread, at most.
    std::size_t intervals_of_sample() const;

    /// Steps of a sample, or a thread's part of them; chains among them, if all of their steps are, band by band.
    template <class Watch>
    void compute_all(int first, int last, const Job& job, const Share& share) const;
    template <class Watch>
    void compute_chain(const StepChain& chain, const Job& job, const Share& share) const;

    /// All supersteps on this thread.
    template <class Watch>
    static void run_all(const Job& job);

    /// The steps of a few samples in an arena, on this thread.
    template <class Watch>
    void run_micro_batch(Jobs jobs, int thread) const;

    /// A step of all of them.
    void compute_together(const Step& step, Jobs jobs) const;

    /// True if a step computes every token from that token alone, wherever it lies.
    bool takes_any_tokens(const Step& step, const MicroBatch& among) const;

    /// Zeroes the padding around an input. Returns the address of its pixel (0, 0).
    std::byte* prepare_input(int input, const Job& job) const;

    void load(const Job& job, int part, int parts) const;

    int number(const Step& step) const { return static_cast<int>(&step - plan_.steps.data()); }

    static int rows(const Step& step, int length) { return step.first_token_only ? 1 : length; }

    const QuantizationParameters& conversion(int slot) const {
        return packed_.quantization[static_cast<std::size_t>(plan_.slot(slot).buffer)];
    }

    /// The buffer of an output that is a table and nothing else: its rows are written straight to the caller's memory.
    /// Otherwise none.
    int buffer_of_rows(int output) const;

    /// A value's pixel (0, 0), or first token, in the arena.
    std::byte* address(int slot, const Job& job) const;

    /// The same, or the numbers of a constant where they are packed.
    const std::byte* numbers_of(int slot, const Job& job) const;

    /// The tokens of a sample that are computed: without padding, if no output shows it.
    int length_of(std::size_t sample, int length, std::span<const int> valid) const {
        return drops_padding_ && !valid.empty() ? valid[sample] : length;
    }

    /// The rounded copy of another value that a convolution reads where that value lies, or none.
    int rounded_copy_read_in_place(const Step& step) const;

    void clear_halo_of(const Step& step, const Job& job) const;
    Operands operands(const Step& step, const Job& job, int part, int parts) const;
    void compute(const Step& step, const Job& job, int part, int parts) const;

    /// A step after which the caller's own code runs, with denormals as that needs them. `source`: unless null, what it
    /// reads instead of its value.
    void compute_alone(const Step& step, std::byte* arena, int length, const std::byte* source = nullptr) const;

    void finish(const Job& job) const;

    void read(int index, const Job& job, float* to) const;

    GraphView graph_;
    PlanView plan_;
    Packed packed_;
    KernelTable kernels_;
    Options options_;
    std::vector<int> buffers_of_rows_{};                ///< of the outputs
    std::vector<LoopNest> nests_{};                     ///< the graph's, as kernels take them
    std::vector<std::vector<Superstep>> supersteps_{};  ///< for at most 2, 4, 8 … parts, and for any number
    std::vector<StepChain> chains_{};
    static constexpr int length_classes = 24;  ///< powers of two
    std::shared_ptr<TeamChoice[]> choices_;    ///< of the number of threads, for each
    MicroBatch micro_batch_;
    bool drops_padding_;
};

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/executable.ipp>
#endif
