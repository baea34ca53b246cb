#include <taxon/backend/cpu/cpu.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <taxon/backend/cpu/denormals.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

using namespace taxon;

// Loads and stores of a row of numbers, as functions that can be called from outside.
#define DEFINE_ROWS(set)                                                                                               \
    namespace taxon::cpu::set {                                                                                        \
    template <Element E, class V>                                                                                      \
    TAXON_NOINLINE void read_row(const Number<E>* from, std::size_t count, QuantizationParameters as, float* to) {     \
        for (std::size_t i = 0; i < count; i += V::lanes) V::store(to + i, read<E, V>(from + i, as));                  \
    }                                                                                                                  \
    template <Element E, class V>                                                                                      \
    TAXON_NOINLINE void write_row(const float* from, std::size_t count, QuantizationParameters as, Number<E>* to) {    \
        for (std::size_t i = 0; i < count; i += V::lanes) write<E, V>(to + i, V::load(from + i), as);                  \
    }                                                                                                                  \
    }

DEFINE_ROWS(portable)
#if TAXON_COMPILES(avx2)
TAXON_REGION(avx2)
DEFINE_ROWS(avx2)
TAXON_REGION_END
#endif
#if TAXON_COMPILES(avx512)
TAXON_REGION(avx512)
DEFINE_ROWS(avx512)
TAXON_REGION_END
#endif
#if TAXON_COMPILES(neon)
TAXON_REGION(neon)
DEFINE_ROWS(neon)
TAXON_REGION_END
#endif

namespace {

using cpu::QuantizationParameters, cpu::Number;

template <Element E>
struct StoredRows {
    std::string name;
    bool fuses;  ///< multiplies and adds with one rounding
    void (*read)(const Number<E>* from, std::size_t count, QuantizationParameters as, float* to);
    void (*write)(const float* from, std::size_t count, QuantizationParameters as, Number<E>* to);
};

/// Every width of every instruction set that this processor has. Nobody stores signed bytes: they are weights.
template <Element E>
std::vector<StoredRows<E>> all_rows() {
    std::vector<StoredRows<E>> rows;
    const auto add = [&](cpu::Isa isa, const char* name, auto read, auto write) {
        const DataTypes data_types{E == Element::bfloat16 || E == Element::uint8 ? E : Element::float32};
        if (cpu::supported(isa, data_types)) rows.push_back({name, isa != cpu::Isa::portable, read, write});
        else WARN("this processor lacks " << name);
    };
    const auto writes = [](auto function) {
        if constexpr (E == Element::int8) return nullptr;
        else return function.template operator()<E>();
    };
    add(cpu::Isa::portable, "portable", &cpu::portable::read_row<E, cpu::portable::Wide>,
        writes([]<Element T>() { return &cpu::portable::write_row<T, cpu::portable::Wide>; }));
#if TAXON_COMPILES(avx2)
    add(cpu::Isa::avx2, "avx2", &cpu::avx2::read_row<E, cpu::avx2::Wide>,
        writes([]<Element T>() { return &cpu::avx2::write_row<T, cpu::avx2::Wide>; }));
#endif
#if TAXON_COMPILES(avx512)
    add(cpu::Isa::avx512, "avx512, sixteen", &cpu::avx512::read_row<E, cpu::avx512::Wide>,
        writes([]<Element T>() { return &cpu::avx512::write_row<T, cpu::avx512::Wide>; }));
    add(cpu::Isa::avx512, "avx512, eight", &cpu::avx512::read_row<E, cpu::avx512::Narrow>,
        writes([]<Element T>() { return &cpu::avx512::write_row<T, cpu::avx512::Narrow>; }));
#endif
#if TAXON_COMPILES(neon)
    add(cpu::Isa::neon, "neon", &cpu::neon::read_row<E, cpu::neon::Wide>,
        writes([]<Element T>() { return &cpu::neon::write_row<T, cpu::neon::Wide>; }));
#endif
    return rows;
}

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

/// Every number of a type, and what it stands for.
template <Element E>
void check_reads(QuantizationParameters as) {
    using N = Number<E>;
    constexpr std::size_t count = sizeof(N) == 1 ? 256 : 65536;
    std::vector<N> numbers(count);
    std::vector<float> expected(count), found(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto pattern = static_cast<std::conditional_t<sizeof(N) == 1, std::uint8_t, std::uint16_t>>(i);
        numbers[i] = std::bit_cast<N>(pattern);
        if constexpr (std::is_integral_v<N>)
            expected[i] = static_cast<float>((numbers[i] - static_cast<double>(as.zero_point)) * as.scale);
        else expected[i] = to_float(numbers[i]);
    }
    for (const StoredRows<E>& rows : all_rows<E>()) {
        rows.read(numbers.data(), count, as, found.data());
        int wrong = 0;
        for (std::size_t i = 0; i < count; ++i)
            wrong += !std::isnan(expected[i]) && bits(found[i]) != bits(expected[i]);
        INFO(name_of(E) << " read with " << rows.name);
        CHECK(wrong == 0);
    }
}

/// Compares with `plain` of each number, on all sets. `tolerance`: of integers, where a set rounds twice.
template <Element E, class Plain>
void check_writes(std::vector<float> numbers, QuantizationParameters as, Plain plain, int tolerance = 0) {
    using N = Number<E>;
    numbers.resize((numbers.size() + 15) / 16 * 16);
    std::vector<N> found(numbers.size() + 16);
    for (const StoredRows<E>& rows : all_rows<E>())
        for (const bool denormals : {true, false}) {
            std::memset(static_cast<void*>(found.data()), 0x5A, found.size() * sizeof(N));
            if (denormals) rows.write(numbers.data(), numbers.size(), as, found.data());
            else {
                const cpu::DenormalsAreZero as_in_a_run;
                rows.write(numbers.data(), numbers.size(), as, found.data());
            }
            int wrong = 0;
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                const N expected = plain(numbers[i]);
                bool same = expected == found[i];
                if constexpr (std::is_integral_v<N>)
                    same = std::abs(expected - found[i]) <= (rows.fuses ? 0 : tolerance);
                if (!same && wrong++ == 0) UNSCOPED_INFO("first of all: " << numbers[i]);
            }
            INFO(name_of(E) << " written with " << rows.name << (denormals ? "" : ", denormals are zero"));
            CHECK(wrong == 0);
            const auto* after = reinterpret_cast<const unsigned char*>(found.data() + numbers.size());
            CHECK(std::all_of(after, after + 16 * sizeof(N), [](unsigned char byte) { return byte == 0x5A; }));
        }
}

/// Any floats but NaN: magnitudes from the smallest denormal to infinity.
std::vector<float> any_floats(int count) {
    Dice dice(5);
    std::vector<float> numbers;
    while (static_cast<int>(numbers.size()) < count) {
        const auto pattern =
            static_cast<std::uint32_t>(dice(0, 0xFFFF)) << 16 | static_cast<std::uint32_t>(dice(0, 0xFFFF));
        if (const float x = std::bit_cast<float>(pattern); !std::isnan(x)) numbers.push_back(x);
    }
    return numbers;
}

/// Every number of sixteen bits but NaN, what lies half-way to the next one, and the floats beside that.
template <class N>
std::vector<float> around_each() {
    std::vector<float> numbers = any_floats(100'000);
    for (std::uint32_t pattern = 0; pattern < 0xFFFF; ++pattern) {
        const float low = to_float(N{static_cast<std::uint16_t>(pattern)}),
                    high = to_float(N{static_cast<std::uint16_t>(pattern + 1)});
        if (std::isnan(low) || std::isnan(high)) continue;
        const float middle = static_cast<float>((static_cast<double>(low) + high) / 2);
        for (const float x : {low, std::nextafter(middle, low), middle, std::nextafter(middle, high)})
            numbers.push_back(x);
    }
    return numbers;
}

/// Integers, quarters between and beyond them, and numbers that no integer holds.
std::vector<float> around_integers(int most) {
    std::vector<float> numbers{1e9f,
                               -1e9f,
                               2147483648.f,
                               -2147483648.f,
                               4294967296.f,
                               3e38f,
                               -3e38f,
                               -0.f,
                               1e-40f,
                               std::numeric_limits<float>::infinity(),
                               -std::numeric_limits<float>::infinity()};
    for (int quarter = -4 * most; quarter <= 4 * most; ++quarter) {
        const float x = static_cast<float>(quarter) / 4;
        for (const float near : {std::nextafter(x, -1e9f), x, std::nextafter(x, 1e9f)}) numbers.push_back(near);
    }
    return numbers;
}

template <Element E>
void check_integers(quantize::Grid grid) {
    const auto held = [=](double x) {
        return static_cast<Number<E>>(std::clamp<double>(std::nearbyint(x), grid.least, grid.most));
    };
    const auto numbers = around_integers(2 * grid.most);
    check_writes<E>(numbers, {}, [&](float x) { return held(x); });
    for (const auto& range :
         {quantize::Range{-1, 3}, quantize::Range{0, 0.7f}, quantize::Range{-100, 1}, quantize::Range{-4e-5f, 0}}) {
        const auto scale = quantize::scale_of(range, grid);
        const QuantizationParameters as{scale.step, 1 / scale.step, static_cast<float>(scale.zero)};
        std::vector<float> reals = numbers;
        for (float& x : reals) x *= scale.step;
        check_writes<E>(
            reals, as, [&](float x) { return held(std::fma(x, as.inverse_scale, as.zero_point)); }, 1);
        check_reads<E>(as);
        // Storing a stored number again changes nothing.
        std::vector<float> stored;
        for (int q = grid.least; q <= grid.most; ++q) stored.push_back(quantize::real(q, scale));
        check_writes<E>(stored, as,
                        [&](float x) { return static_cast<Number<E>>(quantize::quantized(x, scale, grid)); });
    }
}

}  // namespace

TEST_CASE("every stored number is read as what it stands for, on all instruction sets") {
    check_reads<Element::float16>({});
    check_reads<Element::bfloat16>({});
    check_reads<Element::uint8>({});
    check_reads<Element::int8>({});
    check_reads<Element::int16>({});
}

TEST_CASE("halves are written to nearest, ties to even, on all instruction sets") {
    check_writes<Element::float16>(around_each<half>(), {}, [](float x) { return to_half(x); });
}

TEST_CASE("bfloat16 are written to nearest, ties to even and denormals to zero, on all instruction sets") {
    check_writes<Element::bfloat16>(around_each<bfloat16>(), {}, [](float x) {
        return to_bfloat16(std::abs(x) < std::numeric_limits<float>::min() ? std::copysign(0.f, x) : x);
    });
}

TEST_CASE("integers are written to nearest, ties to even, and held to their range, on all instruction sets") {
    check_integers<Element::uint8>(quantize::u8);
    check_integers<Element::int16>(quantize::s16);
}
