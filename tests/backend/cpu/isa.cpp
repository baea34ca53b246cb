#include <taxon/backend/cpu/isa.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// Sets TAXON_ISA as long as it lives.
class Forced {
  public:
    explicit Forced(const char* word)
        : before_(std::getenv("TAXON_ISA") ? std::optional<std::string>(std::getenv("TAXON_ISA")) : std::nullopt) {
        setenv("TAXON_ISA", word, 1);
    }
    ~Forced() {
        if (before_) setenv("TAXON_ISA", before_->c_str(), 1);
        else unsetenv("TAXON_ISA");
    }
    Forced(const Forced&) = delete;

  private:
    std::optional<std::string> before_;
};

std::string refusal() {
    try {
        cpu::default_isa();
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::usage);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("TAXON_ISA forces an instruction set") {
    for (const auto isa : cpu::all_isas) {
        if (!cpu::suits(isa, {})) continue;
        const Forced forced(cpu::name_of(isa).data());
        if (cpu::supported(isa)) CHECK(cpu::default_isa() == isa);
        else if (cpu::is_compiled(isa)) CHECK(refusal().find("which this processor lacks") != std::string::npos);
        else CHECK(refusal().find("which this program was compiled without") != std::string::npos);
    }
    const Forced forced("auto");
    CHECK(cpu::default_isa() == cpu::best_isa());
}

TEST_CASE("matrix tiles are for integers of eight bits and bfloat16 only, and a precision that they do not multiply "
          "says so, and so do the extensions of Arm") {
    constexpr DataTypes floats{}, bytes = precision::QInt8MixedFloat32::data_types,
                                  bfloats = precision::BFloat16::data_types;
    for (const auto isa : cpu::all_isas) {
        if (cpu::suits(isa, floats)) continue;
        CHECK_FALSE(cpu::supported(isa, floats));
        CHECK(cpu::suits(isa, precision::QInt16MixedFloat32::data_types) == (isa == cpu::Isa::avx_vnni));
        CHECK(cpu::suits(isa, bytes));
        const Forced forced(cpu::name_of(isa).data());
        CHECK(refusal() == "instruction set: [usage] found '" + std::string(cpu::name_of(isa)) +
                               "', which is only for " + std::string(cpu::suited_types(isa)) + ", wanted " +
                               std::string(cpu::name_of(cpu::best_isa())) + " or less");
        if (cpu::supported(isa, bytes)) CHECK(cpu::default_isa(bytes) == isa);
    }
    CHECK(cpu::suits(cpu::Isa::amx, bfloats));
    CHECK(cpu::suits(cpu::Isa::i8mm, bfloats));
    CHECK_FALSE(cpu::suits(cpu::Isa::dotprod, bfloats));
}

TEST_CASE("another word in TAXON_ISA is refused, and the words that there are are named") {
    for (const char* word : {"avx", "AVX2", "sse", "avx512 ", "portable,avx2"}) {
        const Forced forced(word);
        CHECK(refusal() == "instruction set: [usage] found '" + std::string(word) + "', wanted " + cpu::isa_choices());
    }
}

#if defined(__x86_64__)
TEST_CASE("a set that the program was compiled without is refused, and those that it has are named") {
    constexpr unsigned portable_and_avx2 = 0b0011;
    CHECK(cpu::parse_isa("portable", {}, portable_and_avx2) == cpu::Isa::portable);
    const auto refusal_of = [](std::string_view name, unsigned sets) -> std::string {
        try {
            cpu::parse_isa(name, {}, sets);
        } catch (const Error& error) {
            CHECK(error.fault() == Fault::usage);
            return error.what();
        }
        return "";
    };
    CHECK(refusal_of("avx512", portable_and_avx2) ==
          "instruction set: [usage] found 'avx512', which this program was compiled without, wanted portable or avx2; "
          "-DTAXON_INSTRUCTION_SETS in CMake adds it");
    CHECK(refusal_of("avx2", 0b0001) ==
          "instruction set: [usage] found 'avx2', which this program was compiled without, wanted portable; "
          "-DTAXON_INSTRUCTION_SETS in CMake adds it");
    CHECK(cpu::isa_choices() == "auto, amx, avx512, avx_vnni, avx2 or portable");
}
#endif

TEST_CASE("every processor runs the portable kernels") { CHECK(cpu::supported(cpu::Isa::portable)); }
