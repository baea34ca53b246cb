// The pixels of a register tile.
namespace taxon::cpu::TAXON_ISA {

#if defined(__aarch64__)

/// Addresses of pixels `stride` elements apart: there are registers for all of them, and a load adds a common distance.
template <class Number, int Rows>
class PixelRows {
  public:
    TAXON_INLINE explicit PixelRows(std::ptrdiff_t stride) : stride_(stride) {}
    TAXON_INLINE void start(const Number* run) {
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) runs_[i] = run + i * stride_;
    }
    TAXON_INLINE void advance(int numbers) { TAXON_UNROLL for (int i = 0; i < Rows; ++i) runs_[i] += numbers; }
    TAXON_INLINE const Number* operator[](int row) const { return runs_[row]; }

  private:
    std::ptrdiff_t stride_;
    const Number* runs_[std::size_t{Rows}];
};

#else

/// Addresses of pixels `stride` elements apart, by odd multiples of the stride: x86 addressing scales a register by up
/// to eight, so only the ninth pixel needs a second pointer to be moved at every step.
template <class Number, int Rows>
class PixelRows {
  public:
    TAXON_INLINE explicit PixelRows(std::ptrdiff_t stride) : second_(8 * stride) {
        TAXON_UNROLL for (int i = 1; i < (Rows < 8 ? Rows : 8); i += 2) {
            odd_[i / 2] = i * stride * static_cast<std::ptrdiff_t>(sizeof(Number));
            __asm__("" : "+r"(odd_[i / 2]));  // keeps compilers from deriving them anew inside the loop
        }
    }
    TAXON_INLINE void start(const Number* run) { runs_[0] = run, runs_[1] = Rows > 8 ? run + second_ : run; }
    TAXON_INLINE void advance(int numbers) { runs_[0] += numbers, runs_[1] += Rows > 8 ? numbers : 0; }
    TAXON_INLINE const Number* operator[](int row) const {
        const int i = row % 8, shift = i % 4 == 0 ? i / 4 * 2 : i % 2 == 0;
        const auto* run = reinterpret_cast<const std::byte*>(runs_[row / 8]);
        return reinterpret_cast<const Number*>(i == 0 ? run : run + odd_[(i >> shift) / 2] * (1 << shift));
    }

  private:
    std::ptrdiff_t second_, odd_[4] = {};
    const Number* runs_[2] = {};
};

#endif

}  // namespace taxon::cpu::TAXON_ISA
