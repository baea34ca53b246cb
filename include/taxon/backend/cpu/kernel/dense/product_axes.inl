// The axes of a matrix product.
namespace taxon::cpu::TAXON_ISA {

/// Axes of one kind, outermost first, with the strides of a, of b and of the result; those that lie one after the other
/// in all memory are one.
struct ProductAxes {
    static constexpr int most = LoopNest::most_axes;
    int rank = 0, count = 1;
    int sizes[most], a[most], b[most], to[most];

    TAXON_INLINE int reach(int axis) const {
        const auto of = [](int stride) { return stride < 0 ? -stride : stride; };
        return to[axis] != 0 ? of(to[axis]) : of(a[axis]) + of(b[axis]);
    }
    TAXON_INLINE void put(int axis, int size, int of_a, int of_b, int of_to) {
        sizes[axis] = size, a[axis] = of_a, b[axis] = of_b, to[axis] = of_to;
    }
    /// Adds an axis before those of smaller strides: the order of sums and results is free.
    inline void add(int size, int of_a, int of_b, int of_to) {
        if (size == 1) return;
        count *= size;
        int axis = rank++;
        put(axis, size, of_a, of_b, of_to);
        for (; axis > 0 && reach(axis - 1) < reach(axis); --axis) {
            const int at = axis - 1, s = sizes[at], x = a[at], y = b[at], z = to[at];
            put(at, sizes[axis], a[axis], b[axis], to[axis]);
            put(axis, s, x, y, z);
        }
    }
    inline void merge() {
        int kept = 0;
        for (int axis = 1; axis < rank; ++axis) {
            const int size = sizes[axis];
            const bool continues =
                a[kept] == size * a[axis] && b[kept] == size * b[axis] && to[kept] == size * to[axis];
            if (!continues) ++kept;
            put(kept, continues ? sizes[kept] * size : size, a[axis], b[axis], to[axis]);
        }
        if (rank > 0) rank = kept + 1;
    }
    /// a and b change places.
    inline void turn() {
        for (int axis = 0; axis < rank; ++axis) put(axis, sizes[axis], b[axis], a[axis], to[axis]);
    }
};

/// A walk over the first axes, from element `first` on: offsets of a, of b and of the result.
class ProductWalk {
  public:
    inline ProductWalk(const ProductAxes& axes, int rank, int first) : axes_(axes), rank_(rank) {
        for (int axis = rank; axis-- > 0; first /= axes.sizes[axis]) move(axis, at_[axis] = first % axes.sizes[axis]);
    }
    inline ProductWalk(const ProductAxes& axes, int first) : ProductWalk(axes, axes.rank, first) {}

    TAXON_INLINE void next() {
        for (int axis = rank_; axis-- > 0;) {
            move(axis, 1);
            if (++at_[axis] < axes_.sizes[axis]) return;
            move(axis, -at_[axis]);
            at_[axis] = 0;
        }
    }
    int a = 0, b = 0, to = 0;

  private:
    TAXON_INLINE void move(int axis, int by) {
        a += by * axes_.a[axis], b += by * axes_.b[axis], to += by * axes_.to[axis];
    }
    const ProductAxes& axes_;
    int rank_, at_[ProductAxes::most];
};

}  // namespace taxon::cpu::TAXON_ISA
