#include <taxon/graph/port_numbers.hpp>

#include <cmath>
#include <functional>
#include <taxon/any_model_of.hpp>
#include <taxon/backend/reference/reference.hpp>

#include "backend/against_reference.hpp"
#include "eval/scratch_folder.hpp"
#include "graph/port_networks.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;

namespace {

const io::SyntheticWeights weights("ports");

using Eyes = Model<networks::Eyes, shape::Mutable<1, 3>>;
constexpr std::size_t near_size = 3 * 16 * 22, far_size = 2 * 8 * 11, answer = 22 * 8 * 11 + 5;

const auto near_pictures = io::synthetic_input("near", "input", 3 * near_size),
           far_pictures = io::synthetic_input("far", "input", 3 * far_size);

std::vector<float> sample(std::size_t i) {
    auto all = std::vector<float>(near_pictures.begin() + static_cast<std::ptrdiff_t>(i * near_size),
                                  near_pictures.begin() + static_cast<std::ptrdiff_t>((i + 1) * near_size));
    all.insert(all.end(), far_pictures.begin() + static_cast<std::ptrdiff_t>(i * far_size),
               far_pictures.begin() + static_cast<std::ptrdiff_t>((i + 1) * far_size));
    return all;
}

/// The outputs of three samples that lie one after the other, in the order of a call with lists.
std::vector<float> apart(std::span<const float> outputs) {
    std::vector<float> all;
    for (std::size_t at = 0; const Port& port : Eyes::graph.outputs) {
        const std::size_t size = port.shape.size_of(1);
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t k = 0; k < size; ++k) all.push_back(outputs[i * answer + at + k]);
        at += size;
    }
    return all;
}

std::vector<float> joined(const std::vector<std::vector<float>>& outputs) {
    std::vector<float> all;
    for (const auto& output : outputs) all.insert(all.end(), output.begin(), output.end());
    return all;
}

/// However the samples are given, the outputs are the same bytes.
template <class Bound>
void check_calls(const Bound& model) {
    std::vector<float> samples, expected;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto one = sample(i), outputs = model(one);
        REQUIRE(outputs.size() == answer);
        samples.insert(samples.end(), one.begin(), one.end());
        expected.insert(expected.end(), outputs.begin(), outputs.end());
    }
    CHECK(same_bytes(model(samples), expected));
    CHECK(same_bytes(joined(model({near_pictures, far_pictures})), apart(expected)));
    CHECK(same_bytes(joined(model({{"far", far_pictures}, {"near", near_pictures}})), apart(expected)));
    const auto single = model({std::span(near_pictures).first(near_size), std::span(far_pictures).first(far_size)});
    CHECK(same_bytes(joined(single), std::span(expected).first(answer)));
}

template <class M>
void check_threads(const M& one, const M& two) {
    check_calls(one);
    check_calls(two);
    CHECK(same_bytes(joined(one({near_pictures, far_pictures})), joined(two({near_pictures, far_pictures}))));
}

std::string complaint(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) { return error.what(); }
    return "none";
}

}  // namespace

TEST_CASE("inputs and outputs lie one after the other, or apart, in order or by name, on any number of threads") {
    for (const auto isa : instruction_sets())
        check_threads(Eyes::load(weights, {.isa = isa, .threads = 1}), Eyes::load(weights, {.isa = isa, .threads = 2}));
    check_calls(Model<networks::Eyes, shape::Mutable<1, 3>, backend::Reference>::load(weights));
    check_calls(Model<networks::Eyes, shape::Mutable<1, 3>, execution::LayerByLayer>::load(weights));
    check_calls(*any_model_of(Eyes::load(weights)));
}

TEST_CASE("outputs by name go where the caller wants them") {
    const auto model = Eyes::load(weights);
    std::vector<float> map(3 * 6 * 8 * 11), features(3 * 16 * 8 * 11), scores(3 * 5);
    const InputSpan inputs[] = {near_pictures, far_pictures};
    const OutputSpan outputs[] = {{"scores", scores}, {"features", features}, {"map", map}};
    cpu::Workspace workspace;
    model(inputs, outputs, workspace);
    CHECK(same_bytes(joined({features, map, scores}), joined(model({near_pictures, far_pictures}))));
}

TEST_CASE("each input of a network of integers has a range of its own, and an offline file keeps them") {
    using Q = Model<networks::Eyes, shape::Mutable<1, 3>, precision::QInt8MixedFloat32>;
    auto louder = sample(0);
    for (std::size_t i = near_size; i < louder.size(); ++i) louder[i] *= 10;
    quantize::Calibrator<Q> calibrator(weights);
    calibrator.observe(louder);
    const auto ranges = calibrator.ranges();
    CHECK(ranges.at(0).high < 1.1f);
    CHECK(ranges.at(1).high > 9);
    auto without = ranges;
    without.erase(1);
    CHECK(complaint([&] { Q::load(weights, without); }).find("input 'far': [missing] found no range") !=
          std::string::npos);

    const auto model = Q::load(weights, ranges);
    const auto floats = Eyes::load(weights)(louder), integers = model(louder);
    double square = 0, error = 0;
    for (std::size_t i = 0; i < floats.size(); ++i) {
        square += static_cast<double>(floats[i]) * floats[i];
        error += std::pow(static_cast<double>(floats[i]) - integers[i], 2);
    }
    CHECK(error < 1e-2 * square);

    check_threads(Q::load(weights, ranges, {.threads = 1}), Q::load(weights, ranges, {.threads = 2}));
    const ScratchFolder folder("ports");
    model.save(folder.path() / "a.taxon");
    CHECK(same_bytes(Q::open(folder.path() / "a.taxon")(louder), integers));
    const auto other = complaint([&] { Eyes::open(folder.path() / "a.taxon"); });
    CHECK(other.find("near 3 x 16 x 22, far 2 x 8 x 11 to features 16 x 8 x 11") != std::string::npos);
}

TEST_CASE("a wrong number of inputs, a wrong name and a wrong size are told") {
    const auto model = Eyes::load(weights);
    const auto any = any_model_of(Eyes::load(weights));
    const auto both = [&](const std::function<void(bool)>& call, const std::string& part) {
        for (const bool behind : {false, true}) {
            const auto found = complaint([&] { call(behind); });
            INFO(found);
            CHECK(found.find(part) != std::string::npos);
        }
    };
    const auto run = [&](std::initializer_list<InputSpan> inputs) {
        return [&, list = std::vector<InputSpan>(inputs)](bool behind) {
            std::vector<float> features(16 * 8 * 11), map(6 * 8 * 11), scores(5);
            const OutputSpan outputs[] = {features, map, scores};
            cpu::Workspace workspace;
            if (behind) any->run_ports(list, outputs, *any->make_workspace());
            else model(list, outputs, workspace);
        };
    };
    const std::span<const float> near = std::span(near_pictures).first(near_size),
                                 far = std::span(far_pictures).first(far_size);
    both(run({near}), "inputs: [shape] found 1, wanted 2: near 3 x 16 x 22, far 2 x 8 x 11");
    both(run({near, far, far}), "inputs: [shape] found 3, wanted 2: ");
    both(run({{"near", near}, {"distant", far}}), "inputs: [usage] found 'distant', wanted ");
    both(run({{"near", near}, {"near", near}}), "input near 3 x 16 x 22: [shape] found it twice");
    both(run({near, near}), "input far 2 x 8 x 11: [shape] found 1056 numbers, wanted 176");
    both(run({near.first(7), far}), "input near 3 x 16 x 22: [shape] found 7 numbers, wanted ");

    std::vector<float> scores(5);
    cpu::Workspace workspace;
    const InputSpan inputs[] = {near, far};
    const OutputSpan few[] = {scores};
    CHECK(complaint([&] {
              model(inputs, few, workspace);
          }).find("outputs: [shape] found 1, wanted 3: features 16 x 8 x 11") != std::string::npos);
    CHECK(complaint([&] { model(near); }).find("wanted 1 to 3 samples of 1232") != std::string::npos);
}
