// Cells of recurrent networks.
namespace taxon::cpu::TAXON_ISA {

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

}  // namespace taxon::cpu::TAXON_ISA
