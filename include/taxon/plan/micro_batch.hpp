#pragma once
#include <taxon/plan/allocate.hpp>
#include <taxon/plan/winograd.hpp>
#include <cstdint>
#include <vector>

namespace taxon {

/// How one thread runs a few samples of a batch in one arena. Each runs alone up to the step `first`; from there to
/// `last` every step runs for all of them, so that they meet its weights while these are in a cache; then each runs
/// alone again. Texts run together from end to end, their tokens one after the other.
struct MicroBatch {
    static constexpr int most_samples = 8;
    /// of texts, to hide the reading of weights: 128 of BERT took as long alone as with others (8-bit integers on an
    /// Ice Lake: 0.90 to 1.0 at 512, whose values no longer fit L2); matrix tiles multiply four times as fast
    static constexpr int enough_tokens = 128, tokens_of_matrix_tiles = 512;

    /// Where a buffer lies: bytes to the first sample's, and from one sample's to the next one's: none if it is used by
    /// one sample at a time. By token, a sample's begins `stride` bytes further for each token before its own.
    struct Place {
        int at = 0, stride = 0;
        bool by_token = false;
    };

    int first = 0, last = 0;
    int tokens = 0;  ///< of all texts, at most, unless there is one; 0 if samples are no texts
    std::vector<Place> places{};
    int shared_bytes = 0, sample_bytes = 0;

    constexpr bool gains() const { return first < last; }

    /// Of an arena for that many samples.
    constexpr std::int64_t arena_bytes(int samples) const {
        return shared_bytes + std::int64_t{samples} * sample_bytes;
    }

    /// The samples at a time of those that one thread runs.
    constexpr int at_a_time(int samples) const {
        if (!gains() || samples < 2) return 1;
        const int runs = (samples + most_samples - 1) / most_samples;
        return (samples + runs - 1) / runs;
    }
};

namespace detail {

/// Caches of a processor's core, of which most have more; what the last of them is shared by counts once.
inline constexpr std::int64_t second_cache = 1 << 20, third_cache = 8 << 20;

/// The cost of reading numbers, or writing them, that are among `all` others in use: none from the second cache, and
/// three times as much from memory as from the third.
constexpr std::int64_t traffic(std::int64_t bytes, std::int64_t all) {
    return all <= second_cache ? 0 : all <= third_cache ? bytes : 3 * bytes;
}

/// True for kernels that take several samples at once: those with many weights.
constexpr bool takes_samples(const Geometry& g) {
    return !g.in.shape.sequence &&
           (g.kernel == Kernel::convolution || g.kernel == Kernel::winograd || g.kernel == Kernel::product);
}

/// The samples that a kernel should take at once, of as many as there are. A convolution reads them again for each
/// panel of its weights, so they should stay in the second cache. Winograd's keeps their tiles and products in memory,
/// which must cost less than reading the weights of a block again.
constexpr int samples_at_once(const Geometry& g, int samples) {
    if (!takes_samples(g)) return 1;
    if (g.kernel == Kernel::product) return samples;
    if (g.kernel == Kernel::convolution) {
        const std::int64_t bytes = static_cast<std::int64_t>(size_of(g.in.element)) * g.in.shape.size();
        return static_cast<int>(std::clamp(second_cache / std::max(bytes, std::int64_t{1}), std::int64_t{1},
                                           static_cast<std::int64_t>(samples)));
    }
    const Winograd alone = winograd(g.in.shape);
    const std::int64_t channels = round_up(g.out.shape.channels, 8),
                       weights = static_cast<std::int64_t>(size_of(g.weights)) * channels * g.depth,
                       values = 2 * std::int64_t{4} * Winograd::products * alone.block * (alone.pitch + channels);
    while (samples > 1 && (!alone.holds(samples, g.out.shape.channels) || weights / samples + values > weights))
        --samples;
    return samples;
}

/// Bytes of a step's values.
constexpr std::int64_t value_bytes(PlanView plan, const Step& step) {
    std::int64_t bytes = 0;
    for (const int slot : {step.source, step.operand, step.third, step.fourth, step.target})
        if (slot != none && plan.slot(slot).constant == none)
            bytes += static_cast<std::int64_t>(size_of(plan.view(slot).element)) * plan.slot(slot).shape.size();
    return bytes;
}

/// Bytes of a step's weights.
constexpr std::int64_t weight_bytes(PlanView plan, const Step& step) {
    const auto next = static_cast<std::size_t>(&step - plan.steps.data()) + 1;
    return (next < plan.steps.size() ? plan.steps[next].weights_at : plan.weight_bytes) - step.weights_at;
}

/// The traffic of a step of one sample alone; and what each of many saves of it if they share the step.
constexpr std::int64_t traffic_alone(PlanView plan, const Step& step) {
    const std::int64_t values = value_bytes(plan, step);
    return traffic(values, values) + traffic(weight_bytes(plan, step), plan.weight_bytes);
}
constexpr std::int64_t gain_of_sharing(PlanView plan, const Step& step) {
    constexpr int samples = MicroBatch::most_samples;
    const std::int64_t values = value_bytes(plan, step),
                       lost = traffic(values, samples * values) - traffic(values, values);
    if (!takes_samples(step.geometry)) return -lost;
    const std::int64_t weights = weight_bytes(plan, step);
    return traffic(weights - weights / samples_at_once(step.geometry, samples), plan.weight_bytes) - lost;
}

/// True if matrix tiles may multiply a plan's tokens.
constexpr bool suits_matrix_tiles(PlanView plan) {
    return std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
        return step.geometry.in.shape.sequence &&
               (step.geometry.weights == Element::int8 || step.geometry.weights == Element::bfloat16);
    });
}

/// What allocate_by_live_range wants of a plan.
struct Region {
    template <class T>
    using OfBuffers = std::vector<T>;
    std::vector<Buffer> buffers{};
    int buffer_count = 0, arena_bytes = 0;
};

}  // namespace detail

/// The micro-batch of a plan: from and to the steps between which sharing gains most.
constexpr MicroBatch micro_batch_of(PlanView plan) {
    using detail::size;
    MicroBatch batch;
    const int steps = static_cast<int>(plan.steps.size());
    int longest = 0;
    for (const TensorSlot& slot : plan.slots)
        if (slot.shape.sequence) longest = std::max(longest, slot.shape.width);
    if (longest > 0) {
        batch.tokens = std::max(longest, detail::suits_matrix_tiles(plan) ? MicroBatch::tokens_of_matrix_tiles
                                                                          : MicroBatch::enough_tokens);
        batch.last = steps;
    } else {
        std::int64_t all = 0, sum = 0;
        for (const Step& step : plan.steps) all += detail::traffic_alone(plan, step);
        std::int64_t best = std::max(std::int64_t{64} * 1024, all / 20);  // less is not worth the memory
        for (int i = 0, from = 0; i < steps; ++i) {
            sum += detail::gain_of_sharing(plan, plan.steps[size(i)]);
            if (sum > best) best = sum, batch.first = from, batch.last = i + 1;
            if (sum < 0) sum = 0, from = i + 1;
        }
    }
    if (!batch.gains()) return batch;

    // A buffer for each sample if more than one is in use at a time. What is written before the steps in common lives
    // from the first sample on, and what is read after them until the last one.
    const int buffers = static_cast<int>(plan.buffers.size());
    batch.places.resize(size(buffers));
    std::vector<bool> is_scratch(size(buffers)), is_row(size(buffers));
    for (const Step& step : plan.steps) {
        if (step.scratch != none) is_scratch[size(plan.slot(step.scratch).buffer)] = true;
        if (step.first_token_only) is_row[size(plan.slot(step.target).buffer)] = true;
    }
    detail::Region shared{{plan.buffers.begin(), plan.buffers.end()}, buffers}, of_samples = shared;
    for (int i = 0; i < buffers; ++i) {
        Buffer &in_common = shared.buffers[size(i)], &own = of_samples.buffers[size(i)];
        in_common.at = own.at = 0;
        View& view = in_common.view;
        const bool alone = own.live_to < batch.first || own.live_from >= batch.last;
        if (view.shape.sequence || is_scratch[size(i)] || alone) {
            own.view = {};
            if (!view.shape.sequence) continue;
            view.shape.width = batch.tokens;
            batch.places[size(i)] = {0, view.pitch * static_cast<int>(size_of(view.element)), !is_row[size(i)]};
        } else {
            in_common.view = {};
            if (own.live_from < batch.first) own.live_from = 0;
            if (own.live_to >= batch.last) own.live_to = steps;
        }
    }
    detail::allocate_by_live_range(shared);
    detail::allocate_by_live_range(of_samples);
    // not a power of two apart, as arenas are
    batch.shared_bytes = shared.arena_bytes;
    if (of_samples.arena_bytes > 0) batch.sample_bytes = round_up(of_samples.arena_bytes, 4096) + 128;
    for (int i = 0; i < buffers; ++i) {
        MicroBatch::Place& place = batch.places[size(i)];
        const bool own = of_samples.buffers[size(i)].view.shape.channels > 0;
        place.at = own ? shared.arena_bytes + of_samples.buffers[size(i)].at : shared.buffers[size(i)].at;
        if (own) place.stride = batch.sample_bytes;
    }
    return batch;
}

/// The bytes that a batch is run in: an arena for each thread that runs whole samples.
constexpr std::int64_t arena_bytes_of(PlanView plan, int batch, int threads) {
    const int each = batch / threads;
    if (batch == 1 || each == 0) return plan.arena_bytes;
    const MicroBatch micro_batch = micro_batch_of(plan);
    const int most = micro_batch.at_a_time(each);
    return std::int64_t{threads} *
           (most > 1 ? std::max(std::int64_t{plan.arena_bytes}, micro_batch.arena_bytes(most)) : plan.arena_bytes);
}

}  // namespace taxon
