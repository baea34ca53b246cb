// Cells of recurrent networks.
namespace taxon::cpu::TAXON_ISA {

/// The loops of rows (rows, depth) in order times columns, whose numbers, or which, are adjacent.
inline LoopNest product_nest(int rows, int columns, int depth, bool columns_adjacent, int pitch) {
    LoopNest nest;
    nest.rank = 3, nest.inner = 1, nest.first = 1;
    nest.sizes[0] = rows, nest.sizes[1] = columns, nest.sizes[2] = depth;
    nest.operands[0].by[0] = depth, nest.operands[0].by[2] = 1;
    nest.operands[1].by[1] = columns_adjacent ? 1 : depth, nest.operands[1].by[2] = columns_adjacent ? pitch : 1;
    nest.out.by[0] = pitch, nest.out.by[1] = 1;
    return nest;
}

/// The products of all inputs first, which start at the biases; then the state's, step by step. The recurrent weights
/// of more than a few samples are transposed once, so that no step packs them.
template <Cell C>
class Recurrent {
  public:
    static void run(const Geometry&, const Operands& o) {
        if (o.part == 0) Recurrent(o).run_all();
    }

  private:
    using Vector = typename Wide::type;
    static constexpr int gates = gates_of(C), lanes = Wide::lanes;
    static constexpr Operands all{};  ///< of the work

    explicit Recurrent(const Operands& o)
        : nest_(*o.nest), steps_(nest_.sizes[0]), samples_(nest_.sizes[1]), inputs_(nest_.sizes[2]),
          outputs_(nest_.sizes[3]), whole_(samples_ * outputs_), rows_(gates * outputs_), x_(floats_of(o.in)),
          weights_(floats_of(o.operand)), state_(floats_of(o.third)), to_(o.out_as<Element::float32>()),
          h_(to_ + steps_ * whole_), c_(h_ + whole_), of_inputs_(o.scratch),
          of_state_(of_inputs_ + steps_ * samples_ * rows_), reset_(of_state_ + samples_ * rows_) {}

    TAXON_NOINLINE void run_all() {
        std::memcpy(h_, state_, bytes(states_of(C) * whole_));
        const float *of_h = weights_ + rows_ * inputs_, *const biases = of_h + rows_ * outputs_;
        biases_of_h_ = biases + rows_, peepholes_ = biases_of_h_ + rows_;
        multiply_inputs(biases);
        const bool transposes = samples_ > taxon::detail::most_samples_of_dots;
        if (transposes) {
            float* const turned = reset_ + whole_;
            for (int i = 0; i < rows_; ++i)
                for (int j = 0; j < outputs_; ++j) turned[j * rows_ + i] = of_h[i * outputs_ + j];
            of_h = turned;
        }
        // before its reset gate is known, a GRU's proposal cannot be multiplied
        const int last = (gates - 1) * outputs_, early = C == Cell::gru ? last : rows_;
        const MatrixProduct product(product_nest(samples_, early, outputs_, transposes, rows_), h_, of_h, of_state_,
                                    false),
            late(product_nest(samples_, outputs_, outputs_, transposes, rows_), reset_,
                 of_h + last * (transposes ? 1 : outputs_), of_state_ + last, false);
        for (int step = 0; step < steps_; ++step) {
            const int t = nest_.reverse ? steps_ - 1 - step : step;
            of_step_ = of_inputs_ + t * samples_ * rows_;
            product.run(all);
            if constexpr (C == Cell::gru) {
                for (sample_ = 0; sample_ < samples_; ++sample_)
                    for (int j = 0; j < outputs_; j += lanes) reset(j, std::min(lanes, outputs_ - j));
                late.run(all);
            }
            for (sample_ = 0; sample_ < samples_; ++sample_)
                for (int j = 0; j < outputs_; j += lanes) update(j, std::min(lanes, outputs_ - j));
            std::memcpy(to_ + t * whole_, h_, bytes(whole_));
        }
    }

    /// What is added to every gate before its function. A bias that a reset gate multiplies is not.
    void multiply_inputs(const float* biases) const {
        const int fixed = C == Cell::gru_reset_after ? 2 * outputs_ : rows_;
        for (int i = 0; i < rows_; ++i) of_inputs_[i] = biases[i] + (i < fixed ? biases_of_h_[i] : 0);
        for (int i = 1; i < steps_ * samples_; ++i) std::memcpy(of_inputs_ + i * rows_, of_inputs_, bytes(rows_));
        MatrixProduct(product_nest(steps_ * samples_, rows_, inputs_, false, rows_), x_, weights_, of_inputs_, true)
            .run(all);
    }

    static std::size_t bytes(int count) { return sizeof(float) * static_cast<std::size_t>(count); }
    TAXON_INLINE static Vector load(const float* from, int count) {
        return count == lanes ? Wide::load(from) : Wide::load_first(from, count, Wide::set(0));
    }
    TAXON_INLINE static void store(float* to, Vector numbers, int count) {
        if (count == lanes) Wide::store(to, numbers);
        else Wide::store_first(to, numbers, count);
    }
    TAXON_INLINE static Vector sigmoid(Vector x) { return activate<Activation::sigmoid, Wide>(x, 0, 0); }
    TAXON_INLINE static Vector hyperbolic_tangent(Vector x) { return activate<Activation::tanh, Wide>(x, 0, 0); }

    /// Some numbers of a gate before its function.
    TAXON_INLINE Vector gate(int number, int j, int count) const {
        const int at = sample_ * rows_ + number * outputs_ + j;
        return load(of_step_ + at, count) + load(of_state_ + at, count);
    }
    /// With what it sees of a cell.
    TAXON_INLINE Vector gate_seeing([[maybe_unused]] Vector cell, int number, int j, int count) const {
        if constexpr (C == Cell::lstm_with_peepholes)
            return Wide::fma(load(peepholes_ + number * outputs_ + j, count), cell, gate(number, j, count));
        else return gate(number, j, count);
    }
    TAXON_INLINE void reset(int j, int count) const {
        const int at = sample_ * outputs_ + j;
        store(reset_ + at, load(h_ + at, count) * sigmoid(gate(1, j, count)), count);
    }
    TAXON_INLINE void update(int j, int count) const {
        float* const h = h_ + sample_ * outputs_ + j;
        if constexpr (states_of(C) == 2) {
            float* const c = c_ + sample_ * outputs_ + j;
            const auto before = load(c, count);
            const auto cell =
                Wide::fma(sigmoid(gate_seeing(before, 2, j, count)), before,
                          sigmoid(gate_seeing(before, 0, j, count)) * hyperbolic_tangent(gate(3, j, count)));
            store(c, cell, count);
            store(h, sigmoid(gate_seeing(cell, 1, j, count)) * hyperbolic_tangent(cell), count);
        } else if constexpr (C == Cell::tanh) store(h, hyperbolic_tangent(gate(0, j, count)), count);
        else {
            const int at = sample_ * rows_ + 2 * outputs_ + j;
            auto part = load(of_state_ + at, count);
            if constexpr (C == Cell::gru_reset_after)
                part = sigmoid(gate(1, j, count)) * (part + load(biases_of_h_ + 2 * outputs_ + j, count));
            const auto proposal = hyperbolic_tangent(load(of_step_ + at, count) + part);
            store(h, Wide::fma(sigmoid(gate(0, j, count)), load(h, count) - proposal, proposal), count);
        }
    }

    const LoopNest& nest_;
    int steps_, samples_, inputs_, outputs_, whole_, rows_, sample_ = 0;
    const float *x_, *weights_, *state_, *biases_of_h_ = nullptr, *peepholes_ = nullptr, *of_step_ = nullptr;
    float *to_, *h_, *c_, *of_inputs_, *of_state_, *reset_;
};

}  // namespace taxon::cpu::TAXON_ISA
