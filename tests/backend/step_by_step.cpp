#include "backend/step_by_step.hpp"

#include <cmath>
#include <algorithm>
#include <limits>
#include <map>
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/backend/reference/kernel/attention.hpp>
#include <taxon/backend/reference/kernel/boxes.hpp>
#include <taxon/backend/reference/kernel/convolution.hpp>
#include <taxon/backend/reference/kernel/elementwise.hpp>
#include <taxon/backend/reference/kernel/embedding.hpp>
#include <taxon/backend/reference/kernel/normalisation.hpp>
#include <taxon/backend/reference/kernel/pool.hpp>
#include <taxon/backend/reference/kernel/resize.hpp>
#include <taxon/backend/reference/kernel/shuffle.hpp>
#include <taxon/number/weight_rows.hpp>
#include <taxon/plan/quantization.hpp>
#include <xtensor/xadapt.hpp>

namespace {

/// Holds each step of a run to the formula in double, from the numbers that lie in the arena before it: errors do not
/// add up from step to step, so a value must be the stored number next to what the formula says, but for the roundings
/// of one step's floats.
///
/// With u = 2^-24, and A the sum of a product's magnitudes:
///   convolutions          4 u A if it is a sum of integers, else 4 u sqrt(depth + 2) A; twice that for Winograd's (see
///                         ErrorBound), whose weights, if halves, are 2^-11 of themselves wrong at 36 points:
///                         16 · 2^-11 |w| r, |w| the length of an output's weights and r the root mean square of the
///                         input
///   activations           that times their greatest slope, and what their polynomials promise
///   normalisations, attention  as in ErrorBound, but with largest numbers for mean ones
class StepByStep {
  public:
    /// `ranges` must outlive this.
    StepByStep(const Candidate& candidate, const taxon::WeightSource& source, const taxon::quantize::Ranges& ranges,
               const taxon::cpu::Packed& packed, std::span<const float> sample, int length)
        : plan_(candidate.plan), graph_(candidate.graph), packed_(packed), parameters_(candidate.graph, source),
          factors_(taxon::cpu::channel_factors_of(graph_, plan_, ranges)), sample_(sample), length_(length) {}

    void operator()(std::size_t number, bool done, const std::byte* arena) {
        const taxon::Step& step = plan_.steps[number];
        if (number == 0 && !done) {
            INFO("the inputs");
            for (std::size_t input = 0, at = 0; input < graph_.inputs.size(); ++input) {
                const taxon::Shape in = shape(static_cast<int>(input), length_);
                const std::size_t size = in.size_of(length_);
                compare(static_cast<int>(input), same(shaped(sample_.subspan(at, size), in), 0), arena, length_);
                at += size;
            }
        }
        const bool attends = step.geometry.kernel == taxon::Kernel::attention,
                   takes_first = graph_.node(step.first).op == taxon::Op::first_token;
        if (!done) {
            const int tokens = takes_first || (step.first_token_only && !attends) ? 1 : length_;
            in_ = value(step.source, arena, tokens);
            if (step.operand != taxon::none) operand_ = value(step.operand, arena, tokens);
            return;
        }
        INFO("step " << number << ", layer '" << graph_.name(graph_.node(step.last)) << "'");
        Result result = compute(step);
        activate(step.geometry, result);
        if (step.first_token_only && attends)
            result = {xt::view(result.numbers, xt::all(), xt::all(), xt::range(0, 1)),
                      xt::view(result.allowed, xt::all(), xt::all(), xt::range(0, 1))};
        compare(step.target, result, arena, step.first_token_only ? 1 : length_);
        if (step.sums != taxon::none) compare(step.sums, mean(result), arena, length_);
    }

  private:
    using Value = taxon::reference::Value;
    static constexpr double unit = 0x1p-24;
    struct Result {
        Value numbers;
        Value allowed;  ///< how far a float may lie from each
    };

    // ── The arena ────────────────────────────────────────────────────────────────────────────────────────────────────
    taxon::cpu::QuantizationParameters conversion(int slot) const {
        return packed_.quantization[static_cast<std::size_t>(plan_.slot(slot).buffer)];
    }

    std::span<const float> factors_of(int slot) const {
        return factors_[static_cast<std::size_t>(plan_.slot(slot).buffer)];
    }

    taxon::Shape shape(int slot, int tokens) const {
        taxon::Shape shape = plan_.slot(slot).shape;
        if (shape.sequence) shape.width = tokens;
        return shape;
    }

    Value value(int slot, const std::byte* arena, int tokens) const {
        std::vector<float> numbers(static_cast<std::size_t>(shape(slot, tokens).size()));
        taxon::cpu::copy_out(arena + plan_.offset(slot), plan_.view(slot), conversion(slot),
                             taxon::cpu::steps_per_unit(packed_, plan_, slot), tokens, numbers.data());
        return shaped(numbers, shape(slot, tokens));
    }

    /// (C, H, W), or (features, 1, tokens).
    static Value shaped(std::span<const float> numbers, taxon::Shape s) {
        const auto size = [](int n) { return static_cast<std::size_t>(n); };
        const std::vector<std::size_t> picture{size(s.channels), size(s.height), size(s.width)},
            tokens{size(s.width), 1, size(s.channels)}, rows{1, size(s.height), size(s.channels)};
        const Value all = xt::adapt(numbers.data(), numbers.size(), xt::no_ownership(),
                                    s.sequence ? tokens
                                    : s.table  ? rows
                                               : picture);
        return s.sequence || s.table ? Value(xt::transpose(all)) : all;
    }

    void compare(int slot, const Result& result, const std::byte* arena, int tokens) const {
        const Value found = value(slot, arena, tokens);
        REQUIRE(found.size() == result.numbers.size());
        const auto element = plan_.view(slot).element;
        const auto factors = factors_of(slot);
        int wrong = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto as = conversion(slot);
            if (!factors.empty()) as.scale *= factors[i / (found.size() / factors.size())];
            const double expected = result.numbers.flat(i),
                         allowed = result.allowed.flat(i) + rounding(expected, element, as);
            if (!(std::abs(found.flat(i) - held(expected, element, as)) <= allowed) && wrong++ == 0)
                UNSCOPED_INFO("number " << i << " of " << found.size() << " is " << found.flat(i) << ", and not "
                                        << expected << " give or take " << allowed);
        }
        INFO("stored as " << taxon::name_of(element));
        CHECK(wrong == 0);
    }

    /// Within the range of integers.
    static double held(double x, taxon::Element element, taxon::cpu::QuantizationParameters as) {
        if (!taxon::cpu::is_integer(element)) return x;
        const auto grid = element == taxon::Element::uint8 ? taxon::quantize::u8 : taxon::quantize::s16;
        return std::clamp(x, (grid.least - static_cast<double>(as.zero_point)) * as.scale,
                          (grid.most - static_cast<double>(as.zero_point)) * as.scale);
    }

    /// Half the distance to the next number.
    static double rounding(double x, taxon::Element element, taxon::cpu::QuantizationParameters as) {
        // the step's inverse is rounded
        if (taxon::cpu::is_integer(element)) return 0.5 * as.scale * (1 + 1e-4) + 2 * unit * std::abs(x);
        if (element == taxon::Element::bfloat16)
            return std::ldexp(1, std::ilogb(std::max(std::abs(x), 1e-30)) - 8) * (1 + 1e-4);
        return unit * std::abs(x);
    }

    // ── The formulas ─────────────────────────────────────────────────────────────────────────────────────────────────
    static double largest(const Value& x) { return xt::amax(xt::abs(x))(); }

    Value parameter(int index) const {
        const taxon::Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
        const auto numbers = parameters_[index];
        return xt::adapt(numbers, std::vector<std::size_t>(p.shape.begin(), p.shape.begin() + p.rank));
    }

    Result compute(const taxon::Step& step) const {
        using taxon::Kernel;
        const taxon::Node& node = graph_.node(step.first);
        switch (step.geometry.kernel) {
            case Kernel::convolution:
            case Kernel::winograd:
            case Kernel::depthwise:
            case Kernel::product: return convolution(step, node);
            case Kernel::affine: {
                if (step.geometry.by_channel) return {in_, 2 * unit * xt::abs(in_)};  // divided by its factors
                const auto norm = taxon::affine(node, parameters_);
                const Value scale = taxon::reference::by_channel(xt::adapt(norm.scale)),
                            shift = taxon::reference::by_channel(xt::adapt(norm.shift));
                return {in_ * scale + shift, 4 * unit * (xt::abs(in_ * scale) + xt::abs(shift))};
            }
            case Kernel::layer_norm: return layer_norm(node, in_);
            case Kernel::group_norm: return group_norm(node);
            case Kernel::attention: {
                const double m = largest(in_), score = 8 * unit * std::sqrt(node.out.channels / node.heads) * m * m *
                                                           std::sqrt(node.out.channels / node.heads) +
                                                       3e-7;
                return same(taxon::reference::attention(node, in_, in_.shape(2)),
                            2 * score * m + 4 * unit * std::sqrt(length_) * m);
            }
            case Kernel::outlook_attention: return outlook_attention(node);
            case Kernel::class_attention: {
                const double m = std::max(largest(in_), largest(operand_)), d = node.out.channels / node.heads,
                             score = 8 * unit * d * m * m + 3e-7;
                return same(taxon::reference::class_attention(node, in_, operand_),
                            2 * score * m + 4 * unit * std::sqrt(node.in.pixels() + 1) * m);
            }
            case Kernel::parameter: return same(taxon::reference::pixels_first(parameter(node.parameter), node.out), 0);
            case Kernel::copy:
                return same(node.op == taxon::Op::first_token
                                ? Value(xt::view(in_, xt::all(), xt::all(), xt::range(0, 1)))
                                : in_,
                            0);
            case Kernel::activation: return same(in_, 0);
            case Kernel::embedding: return embedding(step, node);
            case Kernel::prelu: {
                const Value slopes = parameter(node.parameter), mapped = taxon::reference::prelu(in_, slopes);
                return {mapped, 2 * unit * xt::abs(mapped)};
            }
            case Kernel::add: return {in_ + operand_, 2 * unit * (xt::abs(in_) + xt::abs(operand_))};
            case Kernel::scale: {
                const Value product = taxon::reference::gated(in_, operand_);
                return {product, 2 * unit * xt::abs(product)};
            }
            case Kernel::upsample:
                return same(taxon::reference::upsample(in_, static_cast<std::size_t>(node.stride)), 0);
            case Kernel::resize: {
                const bool mixes = node.resizing.interpolation == taxon::Interpolation::bilinear;
                return same(taxon::reference::resize(node, in_), mixes ? 8 * unit * largest(in_) : 0);
            }
            case Kernel::prepend: return same(taxon::reference::prepended(in_, operand_), 0);
            case Kernel::shuffle: return same(taxon::reference::shuffle(node, in_), 0);
            case Kernel::softmax: {
                // an exponential's error, and of the sum its terms' and its roundings; of the difference, one
                const Value shares = taxon::reference::softmax(in_);
                return {shares,
                        (6e-7 + 2 * unit * largest(in_) + 4 * unit * std::sqrt(node.in.channels)) * shares + 1e-37};
            }
            case Kernel::mean_tokens:
                return same(taxon::reference::mean_tokens(in_, in_.shape(2)),
                            4 * unit * std::sqrt(length_) * largest(in_));
            case Kernel::l2_normalize: {
                const Value directions = taxon::reference::l2_normalize(in_);
                return {directions, 4 * unit * std::sqrt(node.in.channels) * xt::abs(directions)};
            }
            case Kernel::boxes: {
                const Value table = taxon::reference::boxes(node, in_, parameters_.anchors(node));
                return {table, 16 * unit * (xt::abs(table) + node.stride)};
            }
            case Kernel::pool:
                return same(
                    taxon::reference::pool(node, in_),
                    node.pooling == taxon::Pooling::max ? 0 : 4 * unit * std::sqrt(node.in.pixels()) * largest(in_));
            // held to Reference one by one: tests/backend/cpu/kernel/dense
            case Kernel::constant:
            case Kernel::map:
            case Kernel::assemble:
            case Kernel::reduce:
            case Kernel::row:
            case Kernel::matrix_product:
            case Kernel::gather:
            case Kernel::scatter:
            case Kernel::sort:
            case Kernel::recurrent:
            case Kernel::scaled_dot_product:
            case Kernel::flatten:
            case Kernel::picture: FAIL("dense values have no bound");
        }
        return {};
    }

    /// A weight is wrong by 2 w of itself if its exponent is by w, and by the roundings of a sum of nine and of a
    /// quotient; a pixel sums nine products of each of up to four windows, whose weights add up to one.
    Result outlook_attention(const taxon::Node& node) const {
        const double m = largest(in_), scale = 1 / std::sqrt(static_cast<double>(node.out.channels / node.heads)),
                     w = 4 * unit * largest(operand_) * scale + 3e-7;
        return same(taxon::reference::outlook_attention(node, in_, operand_), 4 * m * (2 * w + 50 * unit));
    }

    Result layer_norm(const taxon::Node& node, const Value& in) const {
        const Value gamma = parameter(node.parameter), beta = parameter(node.parameter + 1);
        const std::size_t count = in.shape(0), pixels = in.size() / count;
        const double channels = static_cast<double>(count);
        double least = std::numeric_limits<double>::infinity();  // of the pixels' variances
        for (std::size_t p = 0; p < pixels; ++p) {
            double sum = 0, squares = 0;
            for (std::size_t c = 0; c < count; ++c)
                sum += in.flat(c * pixels + p), squares += in.flat(c * pixels + p) * in.flat(c * pixels + p);
            least = std::min(least, squares / channels - sum / channels * sum / channels);
        }
        const double scale = 1 / std::sqrt(std::max(least, 0.0) + 1.0 / static_cast<double>(node.inverse_epsilon));
        const double allowed =
            8 * unit * std::sqrt(channels) * ((scale * largest(in) + 1) * largest(gamma) + largest(beta));
        return same(taxon::reference::layer_norm(node, in, gamma, beta), allowed);
    }

    Result group_norm(const taxon::Node& node) const {
        const bool affine = node.parameter != taxon::none;
        const Value one = xt::ones<double>({in_.shape(0)}), gamma = affine ? parameter(node.parameter) : one,
                    beta = affine ? parameter(node.bias) : Value(0.0 * one);
        const std::size_t width = in_.size() / static_cast<std::size_t>(node.groups);
        double least = std::numeric_limits<double>::infinity();  // of the groups' variances
        for (std::size_t first = 0; first < in_.size(); first += width) {
            double sum = 0, squares = 0;
            for (std::size_t i = first; i < first + width; ++i)
                sum += in_.flat(i), squares += in_.flat(i) * in_.flat(i);
            const double mean = sum / static_cast<double>(width);
            least = std::min(least, squares / static_cast<double>(width) - mean * mean);
        }
        const double scale = 1 / std::sqrt(std::max(least, 0.0) + 1.0 / static_cast<double>(node.inverse_epsilon));
        const double allowed =
            8 * unit * std::sqrt(node.in.pixels()) * ((scale * largest(in_) + 1) * largest(gamma) + largest(beta));
        return same(taxon::reference::group_norm(node, in_, &gamma, &beta), allowed);
    }

    /// Sums of three floats or halves, and the normalisation if one follows.
    Result embedding(const taxon::Step& step, const taxon::Node& node) const {
        Value tables[3];
        for (int i = 0; i < 3; ++i) {
            tables[i] = parameter(node.parameter + i);
            for (double& x : tables[i]) x = stored(x, step.geometry.weights);
        }
        const Value sums = taxon::reference::embedding(in_, tables[0], tables[1], tables[2]);
        return step.norm == taxon::none ? same(sums, 4 * unit * largest(sums))
                                        : layer_norm(graph_.node(step.norm), sums);
    }

    static Result same(Value numbers, double allowed) {
        Value all = xt::zeros_like(numbers);
        all.fill(allowed);
        return {std::move(numbers), std::move(all)};
    }

    /// The weights as they are stored, but for Winograd's, which are halves at other points.
    static double stored(double weight, taxon::Element element) {
        if (element == taxon::Element::float16) return to_float(taxon::to_half(static_cast<float>(weight)));
        if (element == taxon::Element::bfloat16) return to_float(taxon::to_bfloat16(static_cast<float>(weight)));
        return weight;
    }
    template <class Integer>
    static void quantize(std::span<double> weights, bool seven_bits) {
        const auto row = taxon::quantize::quantize_row<Integer>(std::span<const double>(weights),
                                                                seven_bits ? taxon::quantize::most_of_seven_bits
                                                                           : taxon::quantize::most_weight<Integer>);
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<double>(row.weights[i]) * row.step;
    }

    /// Each phase of a transposed convolution is packed, and quantized, as a convolution of its own: of the taps that
    /// meet the same outputs.
    template <class Integer>
    static void quantize(const taxon::Node& node, std::span<double> weights, bool seven_bits) {
        if (!node.transposed) return quantize<Integer>(weights, seven_bits);
        std::map<std::pair<int, int>, std::vector<std::size_t>> phases;
        const auto& [y, x] = node.window;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const int tap = static_cast<int>(i) % node.window.taps();
            phases[{tap / x.size * y.dilation % y.stride, tap % x.size * x.dilation % x.stride}].push_back(i);
        }
        for (const auto& [phase, places] : phases) {
            std::vector<double> own;
            for (const std::size_t i : places) own.push_back(weights[i]);
            quantize<Integer>(std::span<double>(own), seven_bits);
            for (std::size_t i = 0; i < places.size(); ++i) weights[places[i]] = own[i];
        }
    }

    Result convolution(const taxon::Step& step, const taxon::Node& node) const {
        const taxon::Geometry& g = step.geometry;
        const bool integers = taxon::cpu::is_integer(g.weights),
                   halves_at_points = g.kernel == taxon::Kernel::winograd && g.weights == taxon::Element::float16;
        const auto numbers = parameters_.weights(node), shifts = parameters_.biases(node);
        const std::size_t outputs = static_cast<std::size_t>(node.out.channels), depth = numbers.size() / outputs;
        Value weights = xt::adapt(numbers, std::vector{outputs, depth}), biases = xt::adapt(shifts);
        Value noise = xt::zeros<double>({outputs});
        for (std::size_t n = 0; n < outputs; ++n) {
            const std::span<double> row(weights.data() + n * depth, depth);
            if (step.norm != taxon::none) {
                const auto norm = taxon::affine(graph_.node(step.norm), parameters_);
                for (double& w : row) w *= norm.scale[n];
                biases.flat(n) = biases.flat(n) * norm.scale[n] + norm.shift[n];
            }
            double square = 0;
            for (const double w : row) square += w * w;
            if (halves_at_points) noise.flat(n) = 16 * 0x1p-11 * std::sqrt(square * xt::mean(in_ * in_)());
            else
                for (double& w : row) w = stored(w, g.weights);
            if (g.weights == taxon::Element::int8) {
                const auto factors = factors_of(step.source);
                const std::size_t taps = static_cast<std::size_t>(node.window.taps());
                for (std::size_t i = 0; i < depth && !factors.empty(); ++i) row[i] *= factors[i / taps];
                quantize<std::int8_t>(node, row, step.seven_bits);
                for (std::size_t i = 0; i < depth && !factors.empty(); ++i) row[i] /= factors[i / taps];
            }
            if (g.weights == taxon::Element::int16) quantize<std::int16_t>(node, row, false);
        }
        const auto as = conversion(step.source);
        const Value shift = taxon::reference::by_channel(biases),
                    magnitude = xt::abs(in_) + std::abs(as.zero_point * as.scale);
        Result result{taxon::reference::convolution(node, in_, weights, nullptr),
                      taxon::reference::convolution(node, magnitude, xt::abs(weights), nullptr)};
        const double roundings =
            4 * unit *
            (integers && g.kernel == taxon::Kernel::convolution ? 1 : std::sqrt(static_cast<double>(depth) + 2)) *
            (g.kernel == taxon::Kernel::winograd ? 2.2 : 1);
        result.numbers = result.numbers + shift;
        result.allowed = roundings * (result.allowed + xt::abs(shift)) + taxon::reference::by_channel(noise);
        return result;
    }

    void activate(const taxon::Geometry& g, Result& result) const {
        const auto function = [&] {
            const double most = largest(result.numbers), slope = steepest_slope(g.activation),
                         stated = approximation(g.activation, most),
                         own = stated > 0 ? stated : 2 * unit * slope * most;
            result.numbers = taxon::reference::activate(g.activation, result.numbers);
            result.allowed = slope * result.allowed + (g.activation == taxon::Activation::none ? 0 : own);
        };
        if (!g.activation_last) function();
        if (g.residual) {
            result.numbers = result.numbers + operand_;
            result.allowed = result.allowed + 2 * unit * (xt::abs(result.numbers) + xt::abs(operand_));
        }
        if (g.activation_last) function();
    }

    static Result mean(const Result& result) {
        const double pixels = static_cast<double>(result.numbers.shape(1) * result.numbers.shape(2));
        Result mean{xt::mean(result.numbers, {1, 2}, xt::keep_dims), xt::mean(result.allowed, {1, 2}, xt::keep_dims)};
        mean.allowed =
            mean.allowed + 4 * unit * std::sqrt(pixels) * xt::mean(xt::abs(result.numbers), {1, 2}, xt::keep_dims);
        return mean;
    }

    taxon::PlanView plan_;
    taxon::GraphView graph_;
    const taxon::cpu::Packed& packed_;
    taxon::Parameters parameters_;
    std::vector<std::span<const float>> factors_;  ///< of the channels of each buffer, or none
    std::span<const float> sample_;
    int length_;
    Value in_{}, operand_{};
};

}  // namespace

taxon::quantize::Ranges ranges_of(taxon::GraphView graph, const taxon::WeightSource& weights,
                                  std::span<const float> sample, int length) {
    taxon::quantize::Ranges ranges;
    const auto range_of = [](std::span<const float> numbers) {
        const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
        return taxon::quantize::Range{0.9f * std::min(*least, 0.f), 0.9f * std::max(*most, 0.f)};
    };
    const auto take = [&](int value, std::span<const float> numbers) { ranges[value] = range_of(numbers); };
    for (std::size_t at = 0; const taxon::Port& input : graph.inputs) {
        take(input.node, sample.subspan(at, input.shape.size_of(length)));
        at += input.shape.size_of(length);
    }
    taxon::reference::Interpreter(graph, weights).walk(sample, length, [&](const taxon::LayerView& layer) {
        take(layer.value, layer.numbers);
        auto& [factors, range] = ranges.by_channel[layer.value];
        const std::size_t channels = static_cast<std::size_t>(layer.shape.channels),
                          run = layer.shape.sequence ? 1 : static_cast<std::size_t>(layer.shape.pixels());
        for (std::size_t c = 0; c < channels; ++c) factors.push_back(static_cast<float>(1 + c % 7) / 4);
        std::vector<float> quotients(layer.numbers.begin(), layer.numbers.end());
        for (std::size_t i = 0; i < quotients.size(); ++i) quotients[i] /= factors[i / run % channels];
        range = range_of(quotients);
    });
    return ranges;
}

void check_steps(const Candidate& c, const std::string& seed, int length) {
    check_steps(c, seed, taxon::io::SyntheticWeights(seed), length);
}

void check_steps(const Candidate& c, const std::string& seed, const taxon::WeightSource& weights, int length) {
    taxon::Shape shape = c.graph.node(0).out;
    const auto longest = input_of(c.graph, seed, sample_size(c.graph.inputs, shape.width));
    const auto ranges = ranges_of(c.graph, weights, longest, shape.width);
    const auto packed = taxon::cpu::pack(c.graph, c.plan, taxon::Parameters(c.graph, weights), ranges);
    if (shape.sequence && length > 0) shape.width = length;
    const auto sample = std::span(longest).first(sample_size(c.graph.inputs, shape.width));
    INFO("seed '" << seed << "', " << c.what << ", input " << shape.channels << " x " << shape.height << " x "
                  << shape.width);

    std::map<taxon::cpu::Isa, std::vector<float>> outputs;
    for (const auto isa : instruction_sets(c.data_types)) {
        INFO("instruction set " << taxon::cpu::name_of(isa));
        const auto kernels = c.kernel_table(isa);
        const auto found = outputs[isa] = run_in_parts(c, packed, kernels, sample, shape.width, 1,
                                                       StepByStep(c, weights, ranges, packed, sample, shape.width));
        CHECK(same_bytes(found, run_in_parts(c, packed, kernels, sample, shape.width, 1, {}, 0x7F)));
        for (const int parts : {2, 3, 5}) {
            INFO(parts << " parts");
            CHECK(same_bytes(found, run_in_parts(c, packed, kernels, sample, shape.width, parts)));
        }
    }
    using taxon::cpu::Isa;
    if (!c.data_types.quantized()) {
        std::vector<float> expected(outputs[Isa::portable].size());
        taxon::reference::Interpreter(c.graph, weights).run(sample, expected, shape.width);
        double magnitude = 0;
        for (const float x : expected) magnitude = std::max(magnitude, std::abs(static_cast<double>(x)));
        const double u = c.data_types.matrices == taxon::Element::bfloat16 ? 0x1p-8 : 0x1p-11;
        const double allowed = 4 * u * std::sqrt(2.0 * static_cast<double>(c.plan.steps.size())) * magnitude;
        for (const auto& [isa, found] : outputs) {
            INFO("instruction set " << taxon::cpu::name_of(isa));
            double worst = 0;
            for (std::size_t i = 0; i < found.size(); ++i)
                worst = std::max(worst, std::abs(static_cast<double>(found[i]) - expected[i]));
            CHECK(worst <= allowed);
        }
    }
    for (const auto isa : taxon::cpu::all_isas)  // the first with fused multiply-add, and all after it
        if (const auto first = taxon::cpu::all_isas[1];
            c.data_types.quantized() && isa > first && outputs.contains(first) && outputs.contains(isa))
            CHECK(same_bytes(outputs[first], outputs[isa]));
}
