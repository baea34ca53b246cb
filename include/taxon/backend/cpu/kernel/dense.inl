// Operations on dense values, whose axes are those of a LoopNest.
namespace taxon::cpu::TAXON_ISA {

inline void nothing(const Geometry&, const Operands&) {}

TAXON_INLINE const float* floats_of(const std::byte* at) { return reinterpret_cast<const float*>(at); }

/// One number at a time.
template <MapFunction Function, Activation::Kind Kind>
TAXON_INLINE float map_one(float a, float b, float c, float first, float second) {
    if constexpr (Function == MapFunction::activation) {
        float lanes[Narrow::lanes];
        Narrow::store(lanes, activate<Kind, Narrow>(Narrow::set(a), first, second));
        return lanes[0];
    } else if constexpr (Function == MapFunction::absolute) return __builtin_fabsf(a);
    else if constexpr (Function == MapFunction::negative) return -a;
    else if constexpr (Function == MapFunction::exponential) return __builtin_expf(a);
    else if constexpr (Function == MapFunction::logarithm) return __builtin_logf(a);
    else if constexpr (Function == MapFunction::square_root) return __builtin_sqrtf(a);
    else if constexpr (Function == MapFunction::reciprocal) return 1 / a;
    else if constexpr (Function == MapFunction::floor) return __builtin_floorf(a);
    else if constexpr (Function == MapFunction::ceiling) return __builtin_ceilf(a);
    else if constexpr (Function == MapFunction::round) return __builtin_nearbyintf(a);
    else if constexpr (Function == MapFunction::truncate) return __builtin_truncf(a);
    else if constexpr (Function == MapFunction::error_function) return __builtin_erff(a);
    else if constexpr (Function == MapFunction::sign) return a > 0 ? 1 : a < 0 ? -1 : a;
    else if constexpr (Function == MapFunction::sine) return __builtin_sinf(a);
    else if constexpr (Function == MapFunction::cosine) return __builtin_cosf(a);
    else if constexpr (Function == MapFunction::tangent) return __builtin_tanf(a);
    else if constexpr (Function == MapFunction::arc_sine) return __builtin_asinf(a);
    else if constexpr (Function == MapFunction::arc_cosine) return __builtin_acosf(a);
    else if constexpr (Function == MapFunction::arc_tangent) return __builtin_atanf(a);
    else if constexpr (Function == MapFunction::hyperbolic_sine) return __builtin_sinhf(a);
    else if constexpr (Function == MapFunction::hyperbolic_cosine) return __builtin_coshf(a);
    else if constexpr (Function == MapFunction::inverse_hyperbolic_sine) return __builtin_asinhf(a);
    else if constexpr (Function == MapFunction::inverse_hyperbolic_cosine) return __builtin_acoshf(a);
    else if constexpr (Function == MapFunction::inverse_hyperbolic_tangent) return __builtin_atanhf(a);
    else if constexpr (Function == MapFunction::logical_not) return a == 0 ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::is_nan) return a != a ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::is_infinite) return __builtin_fabsf(a) == __builtin_inff() ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::add) return a + b;
    else if constexpr (Function == MapFunction::subtract) return a - b;
    else if constexpr (Function == MapFunction::multiply) return a * b;
    else if constexpr (Function == MapFunction::divide) return a / b;
    else if constexpr (Function == MapFunction::divide_whole) return __builtin_truncf(a / b);
    else if constexpr (Function == MapFunction::power) return __builtin_powf(a, b);
    else if constexpr (Function == MapFunction::minimum) return a != a || a < b ? a : b;
    else if constexpr (Function == MapFunction::maximum) return a != a || a > b ? a : b;
    else if constexpr (Function == MapFunction::modulo) return a - b * __builtin_floorf(a / b);
    else if constexpr (Function == MapFunction::remainder) return __builtin_fmodf(a, b);
    else if constexpr (Function == MapFunction::prelu) return a < 0 ? b * a : a;
    else if constexpr (Function == MapFunction::equal) return a == b ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::less) return a < b ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::less_or_equal) return a <= b ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::logical_and) return a != 0 && b != 0 ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::logical_or) return a != 0 || b != 0 ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::logical_xor) return (a != 0) != (b != 0) ? 1.f : 0.f;
    else if constexpr (Function == MapFunction::where) return a != 0 ? b : c;
    else if constexpr (Function == MapFunction::clamp) {
        const float above = a < b ? b : a;
        return above > c ? c : above;
    } else return a;
}

template <MapFunction Function, Activation::Kind Kind>
TAXON_NOINLINE void map(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const float *a = floats_of(o.in), *b = floats_of(o.operand), *c = floats_of(o.third);
    const float first = static_cast<float>(g.activation.first), second = static_cast<float>(g.activation.second);
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, nest.rank, nest.operands, [&](int i, const std::array<int, 3>& at) {
        to[i] = map_one<Function, Kind>(a[at[0]], b[at[1]], c[at[2]], first, second);
    });
}

inline void assemble(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    if (g.function != 0) {
        const auto filling = static_cast<float>(nest.first);
        for (int i = 0; i < nest.result_count; ++i) to[i] = filling;
        return;
    }
    nest.walk(0, nest.rank, std::array{nest.operands[0], nest.out},
              [&](int, const std::array<int, 2>& at) { to[at[1]] = floats_of(o.in)[at[0]]; });
}

/// Calls each(i, a, out) for the outer axes' element i, with the first number of its row and of its results.
template <class Each>
TAXON_INLINE void for_each_row(const Operands& o, const Each& each) {
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, nest.rank - nest.inner, std::array{nest.operands[0], nest.out},
              [&](int i, const std::array<int, 2>& at) { each(i, floats_of(o.in) + at[0], to + at[1]); });
}
/// Calls each(a number) along the inner axes.
template <class Each>
TAXON_INLINE void for_each_inner(const LoopNest& nest, const float* a, const Each& each) {
    Strides strides = nest.operands[0];
    strides.first = 0;
    nest.walk(nest.rank - nest.inner, nest.rank, std::array{strides},
              [&](int i, const std::array<int, 1>& at) { each(i, a[at[0]]); });
}

template <Reduction R>
TAXON_NOINLINE void reduce(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    for_each_row(o, [&](int i, const float* a, float*) {
        double sum = R == Reduction::product ? 1 : 0;
        float best = a[0];
        int place = 0;
        for_each_inner(nest, a, [&](int k, float x) {
            if constexpr (R == Reduction::sum || R == Reduction::mean) sum += static_cast<double>(x);
            else if constexpr (R == Reduction::product) sum *= static_cast<double>(x);
            else {
                constexpr bool least = R == Reduction::minimum || R == Reduction::argument_of_minimum;
                if ((least ? x < best : x > best) || x != x || (nest.last && x == best)) best = x, place = k;
            }
        });
        if constexpr (R == Reduction::mean) sum /= nest.inner_count();
        o.out_as<Element::float32>()[i] = R <= Reduction::product   ? static_cast<float>(sum)
                                          : R <= Reduction::maximum ? best
                                                                    : static_cast<float>(place);
    });
}

template <RowFunction R>
TAXON_NOINLINE void row(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int last = nest.rank - 1, count = nest.sizes[static_cast<std::size_t>(last)],
              from = nest.operands[0].by[static_cast<std::size_t>(last)],
              by = nest.out.by[static_cast<std::size_t>(last)];
    const float *const gain = floats_of(o.operand), *const shift = floats_of(o.third);
    const bool scales = nest.operand_count > 1, shifts = nest.operand_count > 2;
    for_each_row(o, [&](int, const float* a, float* to) {
        float most = a[0];
        int first = 0;
        double sum = 0, mean = 0;
        for (int i = 0; i < count; ++i) {
            if (a[i * from] > most || a[i * from] != a[i * from]) most = a[i * from], first = i;
            mean += static_cast<double>(a[i * from]) / count;
        }
        for (int i = 0; i < count; ++i) {
            const double x = static_cast<double>(a[i * from]);
            if constexpr (R == RowFunction::softmax || R == RowFunction::log_softmax)
                sum += __builtin_exp(x - static_cast<double>(most));
            if constexpr (R == RowFunction::standardise) sum += (x - mean) * (x - mean) / count;
        }
        double running = 0;
        for (int k = 0; k < count; ++k) {
            const int i = nest.reverse ? count - 1 - k : k;
            const double x = static_cast<double>(a[i * from]);
            double y = 0;
            if constexpr (R == RowFunction::softmax) y = __builtin_exp(x - static_cast<double>(most)) / sum;
            if constexpr (R == RowFunction::log_softmax) y = x - static_cast<double>(most) - __builtin_log(sum);
            if constexpr (R == RowFunction::hard_maximum) y = i == first ? 1 : 0;
            if constexpr (R == RowFunction::standardise)
                y = (x - mean) / __builtin_sqrt(sum + static_cast<double>(nest.first));
            if constexpr (R == RowFunction::cumulative_sum) {
                y = nest.last ? running : running + x;
                running += x;
            }
            if (scales) y *= static_cast<double>(gain[i]);
            if (shifts) y += static_cast<double>(shift[i]);
            to[i * by] = static_cast<float>(y);
        }
    });
}

inline void matrix_product(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int outer = nest.rank - nest.inner;
    const auto factor = static_cast<float>(nest.first);
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, outer, std::array{nest.operands[0], nest.operands[1], nest.out},
              [&](int, const std::array<int, 3>& begin) {
                  Strides of_a = nest.operands[0], of_b = nest.operands[1];
                  of_a.first = begin[0], of_b.first = begin[1];
                  float sum = 0;
                  nest.walk(outer, nest.rank, std::array{of_a, of_b}, [&](int, const std::array<int, 2>& at) {
                      sum += floats_of(o.in)[at[0]] * floats_of(o.operand)[at[1]];
                  });
                  to[begin[2]] = factor * sum;
              });
}

/// Where an index leads: negative ones count from the end, others are clamped to the axis.
TAXON_INLINE int place_of(const LoopNest& nest, float index) {
    const auto limit = static_cast<float>(nest.limit);
    const float place = index < 0 ? index + limit : index;
    return place > 0 ? static_cast<int>(place < limit ? place : limit - 1) * nest.step : 0;
}

inline void gather(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, nest.rank, std::array{nest.operands[0], nest.operands[1]}, [&](int i, const std::array<int, 2>& at) {
        to[i] = floats_of(o.in)[at[0] + place_of(nest, floats_of(o.operand)[at[1]])];
    });
}

template <Scatter S>
TAXON_NOINLINE void scatter(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    for (int i = 0; i < nest.result_count; ++i) to[i] = floats_of(o.in)[i];
    nest.walk(0, nest.rank, std::array{nest.out, nest.operands[1], nest.operands[2]},
              [&](int, const std::array<int, 3>& at) {
                  float& old = to[at[0] + place_of(nest, floats_of(o.operand)[at[1]])];
                  const float update = floats_of(o.third)[at[2]];
                  if constexpr (S == Scatter::replace) old = update;
                  if constexpr (S == Scatter::add) old += update;
                  if constexpr (S == Scatter::multiply) old *= update;
                  if constexpr (S == Scatter::minimum) old = update < old ? update : old;
                  if constexpr (S == Scatter::maximum) old = update > old ? update : old;
              });
}

/// By insertion into the results so far.
inline void sort(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    float *const numbers = o.scratch, *const places = o.scratch + nest.inner_count();
    for_each_row(o, [&](int i, const float* a, float*) {
        int count = 0;
        for_each_inner(nest, a, [&](int k, float x) {
            int at = count;
            for (; at > 0 && (nest.last ? x > numbers[at - 1] : x < numbers[at - 1]); --at)
                if (at < nest.limit) numbers[at] = numbers[at - 1], places[at] = places[at - 1];
            if (at >= nest.limit) return;
            numbers[at] = x, places[at] = static_cast<float>(k);
            if (count < nest.limit) ++count;
        });
        float* const to = o.out_as<Element::float32>() + i * nest.limit;
        for (int k = 0; k < nest.limit; ++k) to[k] = nest.reverse ? places[k] : numbers[k];
    });
}

/// All gates of all samples into scratch memory, then the cells.
template <Cell C>
TAXON_NOINLINE void recurrent(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int steps = nest.sizes[0], samples = nest.sizes[1], inputs = nest.sizes[2], outputs = nest.sizes[3];
    constexpr int gates = gates_of(C);
    const int whole = samples * outputs, rows = gates * outputs;
    const float *const x = floats_of(o.in), *const weights = floats_of(o.operand), *const state = floats_of(o.third);
    const float *const recurrent_weights = weights + rows * inputs, *const biases = recurrent_weights + rows * outputs;
    float* const to = o.out_as<Element::float32>();
    float *const last_h = to + steps * whole, *const last_c = last_h + whole;
    float *const of_input = o.scratch, *const of_state = of_input + samples * rows,
                 *const reset = of_state + samples * rows;
    const auto dot = [](const float* a, const float* b, int count) {
        float sum = 0;
        for (int i = 0; i < count; ++i) sum += a[i] * b[i];
        return sum;
    };
    const auto sigmoid = [](float number) { return 1 / (1 + __builtin_expf(-number)); };
    for (int i = 0; i < whole; ++i) {
        last_h[i] = state[i];
        if constexpr (C == Cell::lstm) last_c[i] = state[whole + i];
    }
    for (int k = 0; k < steps; ++k) {
        const int t = nest.reverse ? steps - 1 - k : k;
        for (int n = 0; n < samples; ++n)
            for (int r = 0; r < rows; ++r) {
                of_input[n * rows + r] = biases[r] + dot(weights + r * inputs, x + (t * samples + n) * inputs, inputs);
                of_state[n * rows + r] =
                    biases[rows + r] + dot(recurrent_weights + r * outputs, last_h + n * outputs, outputs);
            }
        if constexpr (C == Cell::gru)
            for (int n = 0; n < samples; ++n) {
                for (int j = 0; j < outputs; ++j)
                    reset[n * outputs + j] = last_h[n * outputs + j] * sigmoid(of_input[n * rows + outputs + j] +
                                                                               of_state[n * rows + outputs + j]);
                for (int r = 2 * outputs; r < rows; ++r)
                    of_state[n * rows + r] =
                        biases[rows + r] + dot(recurrent_weights + r * outputs, reset + n * outputs, outputs);
            }
        for (int n = 0; n < samples; ++n)
            for (int j = 0; j < outputs; ++j) {
                const int i = n * outputs + j;
                const auto gate = [&](int g) {
                    return of_input[n * rows + g * outputs + j] + of_state[n * rows + g * outputs + j];
                };
                if constexpr (C == Cell::lstm) {
                    last_c[i] = sigmoid(gate(2)) * last_c[i] + sigmoid(gate(0)) * __builtin_tanhf(gate(3));
                    last_h[i] = sigmoid(gate(1)) * __builtin_tanhf(last_c[i]);
                } else if constexpr (C == Cell::tanh) last_h[i] = __builtin_tanhf(gate(0));
                else {
                    const int row = n * rows + 2 * outputs + j;
                    const float r = C == Cell::gru ? 1 : sigmoid(gate(1));
                    const float update = sigmoid(gate(0));
                    last_h[i] = (1 - update) * __builtin_tanhf(of_input[row] + r * of_state[row]) + update * last_h[i];
                }
                to[t * whole + i] = last_h[i];
            }
    }
}

template <Element In>
TAXON_NOINLINE void flatten(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    auto* const to = o.out_as<Element::float32>();
    const Shape shape = g.in.shape;
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int c = 0; c < shape.channels; ++c) {
                const int pixel = y * shape.width + x;
                to[g.function != 0 ? pixel * shape.channels + c : c * shape.pixels() + pixel] =
                    floats_of(o.in)[g.in.pixel(y, x) + c];
            }
    static_assert(In == Element::float32);
}

/// Channels that pad a pixel become 0.
template <Element Out>
TAXON_NOINLINE void picture(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    auto* const to = o.out_as<Element::float32>();
    const Shape shape = g.out.shape;
    const int padded = round_up(shape.channels, shape.pixels() == 1 ? 32 : 8);
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int c = 0; c < padded; ++c) {
                const int pixel = y * shape.width + x;
                const int at = g.function != 0 ? pixel * shape.channels + c : c * shape.pixels() + pixel;
                to[g.out.pixel(y, x) + c] = c < shape.channels ? floats_of(o.in)[at] : 0;
            }
    static_assert(Out == Element::float32);
}

}  // namespace taxon::cpu::TAXON_ISA
