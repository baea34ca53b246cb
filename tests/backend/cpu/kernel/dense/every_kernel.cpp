#include <taxon/backend/cpu/cpu.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <taxon/backend/reference/kernel/dense.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

using namespace taxon;

namespace {

using cpu::KernelCall;
using reference::Value;
using Numbers = std::vector<float>;

/// Every kernel of dense values for one instruction set; of activations, some.
struct DenseKernels {
    cpu::Isa isa;
    std::array<KernelCall, map_function_count> map;
    std::array<KernelCall, 4> activation;
    std::array<KernelCall, 7> reduce;
    std::array<KernelCall, 5> row, scatter;
    KernelCall assemble, gather, sort, flatten, picture;
};
constexpr std::array activations{Activation{Activation::silu}, Activation{Activation::gelu},
                                 Activation{Activation::leaky_relu, .1}, Activation{Activation::softplus, 1, 20}};

template <class T, std::size_t Count, class Get>
std::array<KernelCall, Count> calls(const Get& get) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<KernelCall, Count>{get.template operator()<static_cast<T>(I)>()...};
    }
    (std::make_index_sequence<Count>());
}

#define KERNELS_OF(set)                                                                                                \
    DenseKernels {                                                                                                     \
        cpu::Isa::set, calls<MapFunction, map_function_count>([]<MapFunction F>() -> KernelCall {                      \
            return &cpu::set::map<F, Activation::none>;                                                                \
        }),                                                                                                            \
            calls<std::size_t, 4>([]<std::size_t I>() -> KernelCall {                                                  \
                return &cpu::set::map<MapFunction::activation, activations[I].kind>;                                   \
            }),                                                                                                        \
            calls<Reduction, 7>([]<Reduction R>() -> KernelCall { return &cpu::set::reduce<R>; }),                     \
            calls<RowFunction, 5>([]<RowFunction R>() -> KernelCall { return &cpu::set::row<R>; }),                    \
            calls<Scatter, 5>([]<Scatter S>() -> KernelCall { return &cpu::set::scatter<S>; }), &cpu::set::assemble,   \
            &cpu::set::gather, &cpu::set::sort, &cpu::set::flatten<Element::float32>,                                  \
            &cpu::set::picture<Element::float32>                                                                       \
    }

std::vector<DenseKernels> all_kernels() {
    std::vector<DenseKernels> all{KERNELS_OF(portable)};
#if TAXON_COMPILES(avx2)
    if (cpu::supported(cpu::Isa::avx2)) all.push_back(KERNELS_OF(avx2));
#endif
#if TAXON_COMPILES(avx512)
    if (cpu::supported(cpu::Isa::avx512)) all.push_back(KERNELS_OF(avx512));
#endif
#if TAXON_COMPILES(neon)
    if (cpu::supported(cpu::Isa::neon)) all.push_back(KERNELS_OF(neon));
#endif
    return all;
}

constexpr double unit = 0x1p-24;

/// What may be wrong with numbers of which each may be wrong by a share of itself, and by something.
std::vector<double> share(const Value& numbers, double of_itself, double more = 0) {
    std::vector<double> allowed;
    for (const double x : numbers) allowed.push_back(of_itself * std::abs(x) + more);
    return allowed;
}

/// The numbers of one operation, each operand in memory of just the size that its strides reach.
struct Case {
    LoopNest nest{};
    std::array<Numbers, 3> operands{};
    int results = 0;
    Geometry geometry{};
    Numbers before{};  ///< what lies in the result

    Value value(std::size_t k) const {
        Value value = reference::dense(static_cast<int>(operands[k].size()));
        std::copy(operands[k].begin(), operands[k].end(), value.begin());
        return value;
    }

    /// The result, by parts that run from the last to the first; checks that nothing around it is touched.
    Numbers run(KernelCall call, int parts) const {
        constexpr std::size_t fence = 32;
        const float mark = 12345;
        const std::size_t count = static_cast<std::size_t>(results);
        Numbers memory(count + 2 * fence, mark), scratch(4 * 4096);
        std::copy(before.begin(), before.end(), memory.begin() + fence);
        const LoopNest loops = collapsed(nest);
        const auto bytes = [](const Numbers& numbers) { return reinterpret_cast<const std::byte*>(numbers.data()); };
        for (int part = parts; part-- > 0;) {
            cpu::Operands o{};
            o.in = bytes(operands[0]), o.operand = bytes(operands[1]), o.third = bytes(operands[2]);
            o.out = reinterpret_cast<std::byte*>(memory.data() + fence), o.scratch = scratch.data();
            o.part = part, o.parts = parts, o.nest = &loops;
            call(geometry, o);
        }
        for (std::size_t i = 0; i < fence; ++i) REQUIRE((memory[i] == mark && memory[fence + count + i] == mark));
        return {memory.begin() + fence, memory.begin() + static_cast<std::ptrdiff_t>(fence + count)};
    }

    std::string text() const {
        std::string text = "sizes";
        const auto add = [&](const char* name, const auto& numbers) {
            text += name;
            for (int i = 0; i < nest.rank; ++i) text += " " + std::to_string(numbers[static_cast<std::size_t>(i)]);
        };
        add("", nest.sizes), add(", a", nest.operands[0].by), add(", b", nest.operands[1].by);
        add(", c", nest.operands[2].by), add(", out", nest.out.by);
        return text + ", inner " + std::to_string(nest.inner);
    }

    /// For one part and several: numbers within `allowed` of the expected ones, and the same bytes.
    void check(KernelCall call, const Value& expected, const std::vector<double>& allowed) const {
        const Numbers found = run(call, 1);
        REQUIRE(expected.size() == found.size());
        int wrong = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double number = found[i], wanted = expected.flat(i);
            const bool same = std::isnan(wanted) ? std::isnan(number)
                              : std::isinf(wanted) || std::abs(wanted) > std::numeric_limits<float>::max()
                                  ? number == static_cast<double>(static_cast<float>(wanted))
                                  : std::abs(number - wanted) <= allowed[i] + unit * std::abs(wanted);
            if (!same && wrong++ == 0)
                UNSCOPED_INFO(text() << ": number " << i << " of " << found.size() << " is " << number << ", and not "
                                     << wanted << " give or take " << allowed[i]);
        }
        CHECK(wrong == 0);
        for (const int parts : {2, 3}) {
            const Numbers again = run(call, parts);
            if (!same_bytes(found, again)) UNSCOPED_INFO(text());
            CHECK(same_bytes(found, again));
        }
    }
    void check(KernelCall call, const Value& expected, double of_itself = 0) const {
        check(call, expected, share(expected, of_itself));
    }
};

/// Random loops: axes of one element, odd ones and some longer than registers and tiles.
struct Loops {
    Dice dice;

    int size() {
        constexpr int sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33, 40};
        return dice.one_of(sizes);
    }
    void axes(LoopNest& nest, int rank, int most = 6000) {
        nest.rank = rank;
        for (int i = 0; i < rank; ++i)
            nest.sizes[static_cast<std::size_t>(i)] = dice(0, 9) == 0 ? dice(40, 150) : size();
        while (nest.count(0, rank) > most) {
            auto& longest = *std::max_element(nest.sizes.begin(), nest.sizes.begin() + rank);
            longest = (longest + 1) / 2;
        }
    }

    /// Strides over the first axes in a random order of axes, which are row-major half of the time: with gaps, and if
    /// `any` repeated, backwards and overlapping. Returns the numbers that they reach.
    int strides(const LoopNest& nest, int rank, Strides& strides, bool any = true) {
        std::vector<std::size_t> order(static_cast<std::size_t>(rank));
        std::iota(order.begin(), order.end(), std::size_t{0});
        if (dice(0, 1) == 1)
            for (std::size_t i = order.size(); i-- > 1;)
                std::swap(order[i], order[static_cast<std::size_t>(dice(0, static_cast<int>(i)))]);
        const bool plain = !any || dice(0, 2) == 0;
        int stride = dice(0, 5) == 0 ? 2 : 1, lowest = 0, highest = 0;
        for (std::size_t i = order.size(); i-- > 0;) {
            const std::size_t axis = order[i];
            int& by = strides.by[axis] = stride;
            if (dice(0, 7) == 0) stride += dice(1, 3);
            stride *= nest.sizes[axis];
            if (!plain) {
                const int kind = dice(0, 9);
                by = kind < 2 ? 0 : kind == 2 ? -by : kind == 3 ? (by + 1) / 2 : by;
            }
            (by < 0 ? lowest : highest) += by * (nest.sizes[axis] - 1);
        }
        strides.first = -lowest;
        return highest - lowest + 1;
    }
    static void in_order(const LoopNest& nest, int rank, Strides& strides) {
        for (int i = rank, stride = 1; i-- > 0; stride *= nest.sizes[static_cast<std::size_t>(i)])
            strides.by[static_cast<std::size_t>(i)] = stride;
    }
    float real(float least, float most) {
        return least + (most - least) * static_cast<float>(dice(0, 1 << 22)) / (1 << 22);
    }
    void fill(Numbers& numbers, int count, float least, float most, bool whole) {
        numbers.resize(static_cast<std::size_t>(count));
        for (float& x : numbers)
            x = whole ? static_cast<float>(dice(static_cast<int>(least), static_cast<int>(most))) : real(least, most);
    }
};

/// How far a result may lie from its formula, relative to itself: what kernel/dense/functions.inl states.
double error_of(MapFunction function) {
    switch (function) {
        case MapFunction::exponential: return 4e-7;
        case MapFunction::logarithm: return 3e-7;
        case MapFunction::error_function: return 5e-7;
        default:
            // the library's, of less than two units in the last place
            return function >= MapFunction::sine && function <= MapFunction::inverse_hyperbolic_tangent ? 4 * unit
                   : function == MapFunction::power                                                     ? 4 * unit
                                                                                                        : unit;
    }
}

bool is_bitwise(MapFunction function) {
    return function >= MapFunction::bitwise_and && function <= MapFunction::bitwise_xor;
}

/// Numbers for which a function is defined, and which a rounding does not lead to another whole number.
void choose_operands(Loops& loops, MapFunction function, Case& c, const std::array<int, 3>& counts) {
    const bool whole = function == MapFunction::divide_whole || function == MapFunction::modulo ||
                       function == MapFunction::remainder || function == MapFunction::equal ||
                       (function >= MapFunction::less && function <= MapFunction::where) ||
                       function == MapFunction::logical_not || function == MapFunction::sign;
    const bool positive = function == MapFunction::logarithm || function == MapFunction::square_root ||
                          function == MapFunction::power || function == MapFunction::inverse_hyperbolic_cosine,
               small = function >= MapFunction::arc_sine && function <= MapFunction::arc_cosine;
    for (std::size_t k = 0; k < 3; ++k) {
        const float most = is_bitwise(function)                                           ? 0x1p24f
                           : whole                                                        ? 3.f
                           : small || function == MapFunction::inverse_hyperbolic_tangent ? .99f
                                                                                          : 4.f;
        loops.fill(c.operands[k], counts[k], positive && k == 0 ? 1.f : -most, most, whole);
        for (float& x : c.operands[k])
            if (k == 1 && whole && x == 0 && function <= MapFunction::remainder) x = 2;
    }
    if (function == MapFunction::clamp)
        for (float& x : c.operands[2]) x = 2 + std::abs(x);
    if (function == MapFunction::floor || function == MapFunction::ceiling || function == MapFunction::truncate ||
        function == MapFunction::round)
        for (float& x : c.operands[0]) x = loops.dice(0, 3) == 0 ? std::nearbyint(2 * x) / 2 : 1000 * x;
}

Value map_reference(const Case& c) { return reference::map(c.nest, c.value(0), c.value(1), c.value(2)); }

}  // namespace

TEST_CASE("Maps of dense values: every function, any strides, against Reference", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (std::size_t number = 0; number < map_function_count; ++number) {
            const auto function = static_cast<MapFunction>(number);
            const bool activates = function == MapFunction::activation;
            INFO(cpu::name_of(kernels.isa) << ", function " << number);
            const int cases =
                function <= MapFunction::activation || function == MapFunction::add || function == MapFunction::where
                    ? 60
                    : 8;
            for (int i = 0; i < cases; ++i) {
                Loops loops{Dice(1000 * static_cast<int>(number) + i)};
                Case c;
                loops.axes(c.nest, loops.dice(0, 5));
                std::array<int, 3> counts{1, 1, 1};
                for (int k = 0; k < operands_of(function); ++k)
                    counts[static_cast<std::size_t>(k)] =
                        loops.strides(c.nest, c.nest.rank, c.nest.operands[static_cast<std::size_t>(k)]);
                Loops::in_order(c.nest, c.nest.rank, c.nest.out);
                choose_operands(loops, function, c, counts);
                c.results = c.nest.outer_count(), c.nest.map = function;
                const std::size_t kind = static_cast<std::size_t>(i) % activations.size();
                if (activates) c.nest.activation = c.geometry.activation = activations[kind];
                const Value expected = map_reference(c);
                if (activates)
                    c.check(kernels.activation[kind], expected,
                            share(expected, 0, approximation(activations[kind], 4) + 2 * unit * 4));
                else c.check(kernels.map[number], expected, function == MapFunction::copy ? -unit : error_of(function));
            }
        }
}

TEST_CASE("Maps of dense values: numbers that are not finite, signed zeros and limits of functions", "[dense]") {
    const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const Numbers numbers{nan,       infinity,  -infinity,   0.f,        -0.f,       1.f,       -1.f,
                          .5f,       -.5f,      1.5f,        2.5f,       -2.5f,      1e30f,     -1e30f,
                          88.7f,     88.8f,     -87.2f,      -200.f,     200.f,      0x1p-126f, 1e-4f,
                          8388607.f, 8388609.f, -8388607.5f, .99999994f, 1.0000001f, 3e38f};
    const int count = static_cast<int>(numbers.size());
    for (const DenseKernels& kernels : all_kernels())
        for (std::size_t number = 0; number < map_function_count; ++number) {
            const auto function = static_cast<MapFunction>(number);
            if (function == MapFunction::activation || function == MapFunction::modulo ||
                function == MapFunction::divide_whole || is_bitwise(function))
                continue;
            INFO(cpu::name_of(kernels.isa) << ", function " << number);
            Case c;
            c.nest.rank = 3, c.nest.sizes = {count, count, function >= MapFunction::where ? count : 1};
            Loops::in_order(c.nest, 3, c.nest.out);
            c.nest.operands[0].by = {1, 0, 0}, c.nest.operands[1].by = {0, 1, 0}, c.nest.operands[2].by = {0, 0, 1};
            c.operands = {numbers, numbers, numbers}, c.results = c.nest.outer_count(), c.nest.map = function;
            // sums and products that leave the range of floats are infinite, and those below it are 0
            Value expected = map_reference(c);
            c.check(kernels.map[number], expected, share(expected, error_of(function), 0x1p-126));
        }
}

TEST_CASE("Reductions of dense values along any axes against Reference", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (std::size_t number = 0; number < kernels.reduce.size(); ++number)
            for (int i = 0; i < 60; ++i) {
                INFO(cpu::name_of(kernels.isa) << ", reduction " << number);
                Loops loops{Dice(5000 + 100 * static_cast<int>(number) + i)};
                Case c;
                c.nest.reduction = static_cast<Reduction>(number), c.nest.last = i % 2 == 1;
                const bool product = c.nest.reduction == Reduction::product, is_long = i < 4 && !product;
                if (is_long) c.nest.rank = 2, c.nest.sizes = {3, 70001};  // more than one sum of floats
                else loops.axes(c.nest, loops.dice(1, 5));
                c.nest.inner = is_long ? 1 : loops.dice(1, c.nest.rank);
                const int count = loops.strides(c.nest, c.nest.rank, c.nest.operands[0]);
                Loops::in_order(c.nest, c.nest.rank - c.nest.inner, c.nest.out);
                loops.fill(c.operands[0], count, product ? .8f : -3.f, product ? 1.25f : 3.f, number > 4);
                if (number != 2 && i % 5 == 4)
                    c.operands[0][static_cast<std::size_t>(loops.dice(0, count - 1))] =
                        std::numeric_limits<float>::quiet_NaN();
                c.results = c.nest.outer_count();
                const Value expected = reference::reduce(c.nest, c.value(0));
                LoopNest sums = c.nest;
                if (c.nest.reduction != Reduction::mean) sums.reduction = Reduction::sum;
                Value magnitudes = c.value(0);
                for (double& x : magnitudes) x = std::abs(x);
                magnitudes = reference::reduce(sums, magnitudes);
                c.check(kernels.reduce[number], expected,
                        number < 2 ? share(magnitudes, 72 * unit) : share(expected, 0));
            }
}

TEST_CASE("Rows of dense values against Reference", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (std::size_t number = 0; number < kernels.row.size(); ++number)
            for (int i = 0; i < 60; ++i) {
                INFO(cpu::name_of(kernels.isa) << ", row function " << number);
                Loops loops{Dice(9000 + 100 * static_cast<int>(number) + i)};
                Case c;
                c.nest.row = static_cast<RowFunction>(number), c.nest.inner = 1;
                loops.axes(c.nest, loops.dice(1, 4));
                const int last = c.nest.rank - 1, size = c.nest.sizes[static_cast<std::size_t>(last)];
                const int count = loops.strides(c.nest, c.nest.rank, c.nest.operands[0]);
                c.results = loops.strides(c.nest, c.nest.rank, c.nest.out, false);
                c.before.assign(static_cast<std::size_t>(c.results), 7.f);
                loops.fill(c.operands[0], count, -4, 4, false);
                if (i % 5 == 4)
                    c.operands[0][static_cast<std::size_t>(loops.dice(0, count - 1))] =
                        std::numeric_limits<float>::quiet_NaN();
                c.nest.operand_count = loops.dice(1, 3);
                loops.fill(c.operands[1], size, -2, 2, false), loops.fill(c.operands[2], size, -2, 2, false);
                c.nest.first = 1e-3, c.nest.last = loops.dice(0, 1) == 1, c.nest.reverse = loops.dice(0, 1) == 1;
                if (c.nest.row == RowFunction::hard_maximum) c.nest.reverse = false;
                Value expected = reference::dense(c.results, 7);
                std::vector<double> allowed(c.before.size());
                // of one: a sum of n, and its terms, each wrong by an exponential's error or two roundings
                const double n = size, m = 4, gain = 2;
                double error = (n + 8) * unit * n * m;
                if (number < 2) error = 6e-7 + (n + 8 + 8 * m) * unit;
                const double mean_error = (n + 2) * unit * m;
                reference::for_each_row(
                    c.nest, c.value(0), [&](int, std::vector<double>& row, const std::vector<std::size_t>& places) {
                        std::vector<double> centred = row;
                        double variance = 0;
                        const double mean = std::accumulate(row.begin(), row.end(), 0.0) / n;
                        for (const double x : row) variance += (x - mean) * (x - mean) / n;
                        const double scale = 1 / std::sqrt(variance + c.nest.first);
                        reference::row_function(c.nest, row);
                        for (std::size_t k = 0; k < row.size(); ++k) {
                            const double of_gain = c.nest.operand_count > 1 ? c.operands[1][k] : 1,
                                         shift = c.nest.operand_count > 2 ? c.operands[2][k] : 0;
                            expected.flat(places[k]) = row[k] * of_gain + shift;
                            const double own =
                                number == 0   ? error * row[k] + 1e-37
                                : number == 1 ? error + 4 * unit * std::abs(row[k])
                                : number == 3 ? scale * (mean_error + 2 * unit * m) +
                                                    std::abs(row[k]) *
                                                        ((n / 2 + 10) * unit + mean_error * mean_error * scale * scale)
                                : number == 4 ? error
                                              : 0;
                            allowed[places[k]] = gain * own + 4 * unit * (std::abs(row[k] * of_gain) + std::abs(shift));
                        }
                    });
                c.check(kernels.row[number], expected, allowed);
            }
}

TEST_CASE("Pieces of dense values are put where they belong, and only there", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (int i = 0; i < 200; ++i) {
            INFO(cpu::name_of(kernels.isa));
            Loops loops{Dice(13000 + i)};
            Case c;
            loops.axes(c.nest, loops.dice(0, 5));
            loops.fill(c.operands[0], loops.strides(c.nest, c.nest.rank, c.nest.operands[0]), -4, 4, false);
            c.results = loops.strides(c.nest, c.nest.rank, c.nest.out, false);
            c.before.assign(static_cast<std::size_t>(c.results), 7.f);
            Value expected = reference::dense(c.results, 7);
            reference::assemble(c.nest, c.value(0), expected);
            c.check(kernels.assemble, expected, -unit);
            c.geometry.function = 1, c.nest.first = 3, c.nest.result_count = c.results;
            c.check(kernels.assemble, reference::dense(c.results, 3), -unit);
        }
}

TEST_CASE("Gathers and scatters of dense values against Reference", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (int i = 0; i < 150; ++i) {
            INFO(cpu::name_of(kernels.isa));
            Loops loops{Dice(17000 + i)};
            Case c;
            loops.axes(c.nest, loops.dice(1, 4), 3000);
            const std::size_t last = static_cast<std::size_t>(c.nest.rank - 1);
            const int reach = loops.strides(c.nest, c.nest.rank, c.nest.operands[0], false);
            c.nest.limit = loops.dice(1, 20), c.nest.step = loops.dice(0, 1) == 1 ? reach : loops.dice(1, 5);
            loops.fill(c.operands[0], reach + (c.nest.limit - 1) * c.nest.step, -4, 4, true);
            const int indices = loops.strides(c.nest, c.nest.rank, c.nest.operands[1]);
            if (i % 2 == 0) c.nest.operands[1].by[last] = 0;
            loops.fill(c.operands[1], indices, -25, 25, true);
            Loops::in_order(c.nest, c.nest.rank, c.nest.out);
            c.results = c.nest.outer_count();
            c.check(kernels.gather, reference::gather(c.nest, c.value(0), c.value(1)), -unit);

            Case s;
            s.nest = c.nest, s.operands = c.operands;
            s.nest.out = c.nest.operands[0], s.results = s.nest.result_count = static_cast<int>(c.operands[0].size());
            loops.fill(s.operands[2], loops.strides(s.nest, s.nest.rank, s.nest.operands[2]), 1, 1, true);
            s.nest.operands[0] = {};
            for (std::size_t number = 0; number < kernels.scatter.size(); ++number) {
                s.nest.scatter = static_cast<Scatter>(number);
                for (float& x : s.operands[2])
                    x = static_cast<float>(number == 2 ? 1 - 2 * loops.dice(0, 1) : loops.dice(-3, 3));
                s.check(kernels.scatter[number], reference::scatter(s.nest, s.value(0), s.value(1), s.value(2)), -unit);
            }
        }
}

TEST_CASE("Dense values sorted, few and many results of each row, equal numbers as they stand", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (int i = 0; i < 100; ++i) {
            INFO(cpu::name_of(kernels.isa));
            Loops loops{Dice(21000 + i)};
            Case c;
            c.nest.inner = 1;
            loops.axes(c.nest, loops.dice(1, 3));
            if (i < 8) c.nest.rank = 1, c.nest.sizes = {1 + 500 * i};
            const int size = c.nest.sizes[static_cast<std::size_t>(c.nest.rank - 1)];
            c.nest.limit = loops.dice(1, size), c.nest.last = loops.dice(0, 1) == 1,
            c.nest.reverse = loops.dice(0, 1) == 1;
            loops.fill(c.operands[0], loops.strides(c.nest, c.nest.rank, c.nest.operands[0]), -40, 40, i % 2 == 0);
            c.results = c.nest.outer_count() * c.nest.limit;
            Loops::in_order(c.nest, c.nest.rank, c.nest.out);
            c.check(kernels.sort, reference::sort(c.nest, c.value(0)), -unit);
        }
}

TEST_CASE("Pictures as dense values and back, with halos and padded channels", "[dense]") {
    for (const DenseKernels& kernels : all_kernels())
        for (int i = 0; i < 100; ++i) {
            INFO(cpu::name_of(kernels.isa));
            Loops loops{Dice(25000 + i)};
            const Shape shape =
                i < 10 ? Shape{loops.dice(1, 70), 1, 1} : Shape{loops.dice(1, 40), loops.dice(1, 9), loops.dice(2, 20)};
            View view{
                shape, round_up(shape.channels, shape.pixels() == 1 ? 32 : 8), {loops.dice(0, 2), loops.dice(0, 2)}};
            if (loops.dice(0, 3) == 0) view.pitch += 8;
            Node node{};
            node.out = shape, node.channels_last = loops.dice(0, 1) == 1;
            const int memory = (shape.height + 2 * view.halo.y) * view.row(),
                      origin = view.halo.y * view.row() + view.halo.x * view.pitch;

            Case back;  // a dense value to a picture
            loops.fill(back.operands[0], shape.size(), -4, 4, false);
            back.geometry.out = view, back.geometry.function = node.channels_last, back.results = memory - origin;
            back.before.assign(static_cast<std::size_t>(back.results), 7.f);
            const Value picture = reference::picture(node, back.value(0));
            Value expected = reference::dense(back.results, 7);
            for (int y = 0; y < shape.height; ++y)
                for (int x = 0; x < shape.width; ++x)
                    for (int ch = 0; ch < round_up(shape.channels, shape.pixels() == 1 ? 32 : 8); ++ch)
                        expected.flat(static_cast<std::size_t>(view.pixel(y, x) + ch)) =
                            ch < shape.channels ? picture(static_cast<std::size_t>(ch), static_cast<std::size_t>(y),
                                                          static_cast<std::size_t>(x))
                                                : 0;
            back.check(kernels.picture, expected, -unit);

            Case there;
            there.operands[0] = back.run(kernels.picture, 1);
            there.geometry.in = view, there.geometry.function = node.channels_last, there.results = shape.size();
            there.check(kernels.flatten, back.value(0), -unit);
        }
}
