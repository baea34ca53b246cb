#include "onnx/exporter/imported_network.hpp"

#include <taxon/onnx/lint.hpp>

#include "catch.hpp"
#include "onnx/lowered_operators.hpp"
#include "onnx/random_graph.hpp"
#include "onnx/sample_of.hpp"
#include "onnx/small_node.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

/// The forms of a file; of several samples, the batch is open.
struct Form {
    int opset, batch;
    bool open;
};
constexpr Form forms[] = {{13, 1, false}, {17, 1, false}, {13, 2, false}, {17, 2, true}};

double largest_of(const std::vector<onnx::Tensor>& tensors) {
    double largest = 1;
    for (const onnx::Tensor& tensor : tensors)
        for (std::size_t i = 0; i < tensor.size(); ++i)
            if (std::isfinite(tensor.real(i))) largest = std::max(largest, std::fabs(tensor.real(i)));
    return largest;
}

}  // namespace

TEST_CASE("onnx: random graphs that were imported are exported to files that answer as they do") {
    int compared = 0;
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        const Form form = forms[seed % std::size(forms)];
        INFO("seed " << seed << ", opset " << form.opset << ", batch " << form.batch);
        std::vector<std::byte> recipe(60);
        for (std::uint32_t state = seed; std::byte & byte : recipe) {
            state = state * 1664525u + 1013904223u;
            byte = static_cast<std::byte>(state >> 24);
        }
        const RandomGraph random(recipe);
        onnx::Folded folded = folded_of(random.bytes());
        if (!folded.coverage.reason.empty()) continue;
        const auto network = onnx::lower(folded);
        if (!network) continue;
        const double largest = largest_of(onnx::run(folded_of(random.bytes_of_all()).program, random.inputs));
        if (largest > 1e6) continue;
        std::vector<std::vector<onnx::Tensor>> samples{random.inputs};
        if (form.batch == 2) {
            samples.push_back(random.inputs);
            for (onnx::Tensor& input : samples[1]) {
                onnx::Tensor reversed(input.type(), input.shape());
                onnx::visit_type(input.type(), [&]<class T>(T) {
                    std::ranges::reverse_copy(input.numbers<T>(), reversed.writable<T>().begin());
                });
                input = reversed;
            }
        }
        const onnx::ModelProto model =
            ImportedNetwork(*network).exported({.opset = form.opset, .batch = form.batch, .open_batch = form.open});
        CHECK(difference_of_file(model, folded.program, samples) <= 1e-4 * largest);
        ++compared;
    }
    CHECK(compared > 200);
}

TEST_CASE("onnx: each operator that was imported is exported to a file that answers as it does") {
    int number = 0, refused = 0;
    for (const char* line : lowered_operators) {
        const Form form = forms[number++ % static_cast<int>(std::size(forms))];
        INFO(line << ", opset " << form.opset << ", batch " << form.batch);
        const SmallNode node(line);
        const onnx::Folded folded = folded_of(node.bytes());
        REQUIRE(folded.coverage.reason == "");
        std::vector<std::vector<onnx::Tensor>> samples{sample_of(folded.program, node.limits, 7)};
        if (form.batch == 2) samples.push_back(sample_of(folded.program, node.limits, 8));
        const ImportedNetwork network(onnx::lower(folded.program));
        try {
            const onnx::ModelProto model =
                network.exported({.opset = form.opset, .batch = form.batch, .open_batch = form.open});
            CHECK(difference_of_file(model, folded.program, samples) <=
                  1e-5 * largest_of(onnx::run(folded.program, samples[0])));
        } catch (const Error& error) {
            INFO(error.what());
            CHECK(error.fault() == Fault::unsupported);
            ++refused;
        }
    }
    CHECK(refused == 6);  // bitwise functions, scatters by a maximum, and by a sum before opset 17
}
