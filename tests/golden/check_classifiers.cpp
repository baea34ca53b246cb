// check_classifiers PROGRAM GOLDEN.safetensors: the logits of all networks that PROGRAM, image_classifier or
// efficientnet_lite, was built with, for generated weights and a generated input, on every instruction set, against
// PyTorch's (make_golden.py).
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <taxon/core/error.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/weight_file.hpp>
#include <vector>

namespace {

/// Largest difference over the deviation of the wanted numbers; NaN is the largest.
double difference(const std::vector<float>& found, const std::vector<float>& wanted) {
    double sum = 0, squares = 0, worst = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double x = wanted[i], apart = std::abs(static_cast<double>(found[i]) - x);
        sum += x, squares += x * x;
        worst = apart <= worst ? worst : apart;
    }
    const double n = static_cast<double>(wanted.size()), mean = sum / n;
    return worst / std::sqrt(squares / n - mean * mean);
}

int exit_code(const std::string& command) {
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

int main(int, char** argv) try {
    // PyTorch's float32 is within 1.8e-5 of double on these networks; a wrong epsilon or a missing activation shows.
    constexpr double allowed = 1e-4;
    const std::string program = argv[1], file = program.substr(program.rfind('/') + 1) + "_logits.npy";
    const auto golden = taxon::io::WeightFile::open(argv[2]);
    int compared = 0, failed = 0;
    for (const std::string_view name : golden.names()) {
        const auto at = name.find('@');
        const std::string variant(name.substr(0, at)), gain(name.substr(at));
        if (exit_code("'" + program + "' describe --variant " + variant + " >/dev/null 2>&1") == 2)
            continue;  // not built
        std::vector<float> wanted(1000);
        golden.read(name, std::vector<std::int64_t>{1000}, wanted);
        for (const std::string isa : {"auto", "avx512", "avx2", "portable"}) {
            const int code = exit_code("'" + program + "' infer --quiet --variant " + variant + " --weights synthetic" +
                                       gain + " --input synthetic --isa " + isa + " --output " + file +
                                       (isa == "auto" ? "" : " 2>/dev/null"));
            if (code == 2 && isa != "auto") continue;  // this processor lacks it
            const double apart = code == 0 ? difference(taxon::io::read_npy(file).numbers, wanted) : NAN;
            std::printf("%-16s %-8s %.1e of the deviation\n", variant.c_str(), isa.c_str(), apart);
            failed += !(apart <= allowed);
            ++compared;
        }
    }
    if (compared == 0) std::printf("%s has none of the networks\n", argv[1]);
    return failed == 0 && compared > 0 ? 0 : 1;
} catch (const taxon::Error& error) { return std::fprintf(stderr, "%s\n", error.what()), 1; }
