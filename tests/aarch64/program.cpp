// Runs a network from offline files that another processor wrote, on every instruction set of this one, and compares
// with that processor's outputs: program FLOATS.taxon FLOATS.npy BYTES.taxon BYTES.npy. Prints a line for each set.
// Exits with 1 if a number is too far off, or a byte of the integers' result is another.
#include <taxon/backend/cpu/offline.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/model.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>

#include <cmath>
#include <cstdio>

namespace {

using namespace taxon;

/// The number of sets that gave another result. `allowed`: in deviations of the outputs.
template <class Precision>
int check(const char* network, const char* outputs, double allowed) {
    using Network = Model<zoo::MobileNetV3Small<10, 64>, Precision>;
    const auto wanted = io::read_npy(outputs).numbers;
    const auto input = io::synthetic_input("", "input", static_cast<std::size_t>(Network::input_shape.size()));
    double squares = 0;
    for (const float x : wanted) squares += static_cast<double>(x) * x;
    const double deviation = std::sqrt(squares / static_cast<double>(wanted.size()));
    int wrong = 0;
    for (const auto isa : cpu::all_isas) {
        if (!cpu::supported(isa, Precision::data_types)) continue;
        const auto found = Network::open(network, {.isa = isa, .threads = 1})(input);
        double apart = found.size() == wanted.size() ? 0 : INFINITY;
        for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i)
            apart = std::max(apart, std::abs(static_cast<double>(found[i]) - wanted[i]) / deviation);
        const bool right = isa == cpu::Isa::portable ? apart < .1 : apart <= allowed;
        std::printf("%-20s %-8s %.1e of the deviation%s\n", Precision::name.data(), cpu::name_of(isa).data(), apart,
                    right ? "" : ": too far");
        wrong += !right;
    }
    return wrong;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const int wrong = check<precision::Float32>(arguments[1], arguments[2], 1e-5) +
                      check<precision::QInt8MixedFloat32>(arguments[3], arguments[4], 0);
    return wrong == 0 ? 0 : 1;
}
