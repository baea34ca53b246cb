#include <taxon/model.hpp>

#include <cmath>
#include <atomic>
#include <limits>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>
#include <thread>

#include "allocations.hpp"
#include "backend/against_reference.hpp"
#include "networks.hpp"
#include "eval/scratch_folder.hpp"

using namespace taxon;

namespace {

const io::SyntheticWeights weights("model");

template <class M>
std::vector<float> samples(int count, int length = M::input_shape.width) {
    Shape shape = M::input_shape;
    if (shape.sequence) shape.width = length;
    return io::synthetic_input("model", "input", static_cast<std::size_t>(count * shape.size()));
}

/// Batches of every size equal single runs, byte by byte, whatever the threads.
template <class Network>
void check_batches() {
    using M = Model<Network, shape::Mutable<1, 7>>;
    for (const int threads : {1, 0}) {
        const auto model = M::load(weights, {.threads = threads});
        const auto all = samples<M>(7);
        const std::size_t in = static_cast<std::size_t>(M::input_shape.size()),
                          out = static_cast<std::size_t>(M::output_shape.size());
        std::vector<float> singles;
        for (std::size_t i = 0; i < 7; ++i) {
            const auto one = model(std::span(all).subspan(i * in, in));
            singles.insert(singles.end(), one.begin(), one.end());
        }
        for (std::size_t batch = 1; batch <= 7; ++batch) {
            INFO(batch << " samples, " << threads << " threads");
            CHECK(same_bytes(model(std::span(all).first(batch * in)), std::span(singles).first(batch * out)));
        }
    }
}

/// Whatever lay in the workspace before, the outputs are the same: a kernel that read a number of another run would
/// spoil them.
template <class Network>
void check_poisoned() {
    using M = Model<Network>;
    const auto sample = samples<M>(1);
    for (const auto isa : instruction_sets()) {
        const auto model = M::load(weights, {.isa = isa, .threads = 1});
        cpu::Workspace workspace;
        std::vector<float> clean(static_cast<std::size_t>(M::output_shape.size())), poisoned(clean.size());
        model(sample, clean, workspace);
        const auto bytes = static_cast<std::size_t>(M::arena_bytes());
        std::fill_n(reinterpret_cast<float*>(workspace.bytes(bytes)), bytes / sizeof(float),
                    std::numeric_limits<float>::quiet_NaN());
        model(sample, poisoned, workspace);
        CHECK(same_bytes(clean, poisoned));
        CHECK_FALSE(std::isnan(clean[0]));
    }
}

}  // namespace

TEST_CASE("policies are found in any order and have defaults") {
    using namespace execution;
    using A = networks::Branches;
    using First = Model<A, shape::Mutable<1, 8>, LayerByLayer, backend::Cpu, precision::Float32>;
    using Second = Model<A, precision::Float32, backend::Cpu, shape::Mutable<1, 8>, LayerByLayer>;
    STATIC_REQUIRE(std::is_same_v<First::Engine, Second::Engine>);
    STATIC_REQUIRE(First::arena_bytes() == Second::arena_bytes());
    STATIC_REQUIRE(std::is_same_v<First::Execution, Second::Execution>);
    STATIC_REQUIRE(std::is_same_v<First::ShapeMode, Second::ShapeMode>);
    STATIC_REQUIRE(First::parameter_count == Model<A>::parameter_count);
    STATIC_REQUIRE(std::is_same_v<Model<A>::Backend, backend::Cpu>);
    STATIC_REQUIRE(std::is_same_v<Model<A>::Execution, Fused>);
    STATIC_REQUIRE(std::is_same_v<Model<A>::ShapeMode, shape::Fixed<1>>);
    // the batch makes no other code
    STATIC_REQUIRE(std::is_same_v<Model<A, shape::Mutable<1, 8>>::Engine, Model<A>::Engine>);
    STATIC_REQUIRE(Model<A>::arena_bytes() < First::arena_bytes());
}

TEST_CASE("a shape mode may give a picture network another size") {
    using M = Model<networks::Branches, shape::Fixed<1, 21, 34>>;
    STATIC_REQUIRE(M::input_shape == Shape{3, 21, 34});
    STATIC_REQUIRE(M::output_shape == Shape{9, 11, 17});
    const auto sample = samples<M>(1);
    const auto found = M::load(weights)(sample);
    const auto expected = Model<networks::Branches, shape::Fixed<1, 21, 34>, backend::Reference>::load(weights)(sample);
    REQUIRE(found.size() == expected.size());
    const ErrorBound bound(M::graph, weights, sample, 34);
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) <= bound.error());
}

TEST_CASE("a batch equals its samples one by one, byte by byte") {
    check_batches<networks::Branches>();
    check_batches<networks::Shortcuts>();
    check_batches<networks::Gates>();
}

TEST_CASE("a transformer runs at every length up to its longest") {
    using M = Model<networks::Transformer, shape::Mutable<Range{1, 4}, Range{1, 64}>>;
    using Specification = Model<networks::Transformer, backend::Reference, shape::Mutable<Range{1, 4}, Range{1, 64}>>;
    const auto expected_model = Specification::load(weights);
    for (const auto isa : instruction_sets()) {
        const auto model = M::load(weights, {.isa = isa});
        for (const int length : {1, 2, 7, 31, 64}) {
            INFO(length << " tokens with " << cpu::name_of(isa));
            const auto four = samples<M>(4, length);
            const std::size_t in = four.size() / 4;
            const auto found = model(four, length), expected = expected_model(four, length);
            REQUIRE(found.size() == static_cast<std::size_t>(4 * length * 5));
            double worst = 0, allowed = 0;
            for (std::size_t i = 0; i < 4; ++i)
                allowed = std::max(allowed,
                                   ErrorBound(M::graph, weights, std::span(four).subspan(i * in, in), length).error());
            for (std::size_t i = 0; i < found.size(); ++i)
                worst = std::max(worst, std::abs(static_cast<double>(found[i]) - expected[i]));
            CHECK(worst <= allowed);
            for (std::size_t i = 0; i < 4; ++i)
                CHECK(same_bytes(model(std::span(four).subspan(i * in, in), length),
                                 std::span(found).subspan(i * found.size() / 4, found.size() / 4)));
        }
    }
}

TEST_CASE("nothing of an earlier run is read") {
    check_poisoned<networks::Branches>();
    check_poisoned<networks::OddBranches>();
    check_poisoned<networks::Nested>();
    check_poisoned<networks::GatedSlices>();
    check_poisoned<networks::VectorBranches>();
    check_poisoned<networks::Shortcuts>();
    check_poisoned<networks::Gates>();
    check_poisoned<networks::Transformer>();
}

TEST_CASE("two models take turns in one workspace") {
    using Small = Model<networks::Gates>;
    using Large = Model<networks::Shortcuts>;
    const auto small = Small::load(weights);
    const auto large = Large::load(weights);
    const auto a = samples<Small>(1), b = samples<Large>(1);
    const auto small_alone = small(a), large_alone = large(b);
    cpu::Workspace workspace;
    std::vector<float> out_a(small_alone.size()), out_b(large_alone.size());
    for (int turn = 0; turn < 3; ++turn) {
        small(a, out_a, workspace);
        CHECK(same_bytes(out_a, small_alone));
        large(b, out_b, workspace);
        CHECK(same_bytes(out_b, large_alone));
    }
}

TEST_CASE("sixty-four threads share one const model") {
    using M = Model<zoo::MobileNetV3Small<10, 64>>;
    const M model = M::load(weights);
    const auto sample = samples<M>(1);
    const auto expected = model(sample);
    std::atomic<int> different = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 64; ++i)
        threads.emplace_back([&] {
            M::Workspace workspace;
            std::vector<float> output(expected.size());
            for (int run = 0; run < 3; ++run) {
                model(sample, output, workspace);
                if (!same_bytes(output, expected)) ++different;
            }
            if (!same_bytes(model(sample), expected)) ++different;  // with the thread's own workspace
        });
    for (auto& thread : threads) thread.join();
    CHECK(different == 0);
}

TEST_CASE("a workspace that a model has used once is all it allocates") {
    if (!OWN_ALLOCATOR) {
        WARN("a sanitizer's operator new does not count");
        SUCCEED();
        return;
    }
    using M = Model<networks::Gates, shape::Mutable<1, 4>>;
    for (const int threads : {1, 0}) {
        const auto model = M::load(weights, {.threads = threads});
        const auto sample = samples<M>(4);
        std::vector<float> output(4 * static_cast<std::size_t>(M::output_shape.size()));
        M::Workspace workspace;
        const long before = test::allocations.count;
        model(sample, output, workspace);
        CHECK(test::allocations.count > before);  // else the counter counts nothing
        const long after = test::allocations.count;
        for (int run = 0; run < 3; ++run) model(sample, output, workspace);
        CHECK(test::allocations.count == after);
    }
}

TEST_CASE("sizes that are no batch's are refused") {
    using M = Model<networks::Branches, shape::Mutable<2, 3>>;
    const auto model = M::load(weights);
    const std::size_t in = static_cast<std::size_t>(M::input_shape.size()),
                      out = static_cast<std::size_t>(M::output_shape.size());
    const std::vector<float> numbers(4 * in);
    const auto with = [&](std::size_t count) { return error_of([&] { model(std::span(numbers).first(count)); }); };
    for (const std::size_t count : {std::size_t{0}, in, 2 * in - 1, 2 * in + 1, 4 * in}) {
        CHECK(with(count).fault() == Fault::shape);
        CHECK(with(count).facts().found == std::to_string(count) + " numbers");
        CHECK(with(count).facts().wanted == "2 to 3 samples of 585");
    }
    M::Workspace workspace;
    std::vector<float> output(2 * out + 1);
    const Error error = error_of([&] { model(std::span(numbers).first(2 * in), output, workspace); });
    CHECK(error.fault() == Fault::shape);
    CHECK(error.facts().wanted == std::to_string(2 * out));
}

TEST_CASE("lengths outside of a sequence's range are refused") {
    using M = Model<networks::Transformer, shape::Mutable<Range{1, 2}, Range{2, 16}>>;
    STATIC_REQUIRE(M::input_shape == Shape::tokens(24, 16));
    const auto model = M::load(weights);
    const std::vector<float> numbers(24 * 20);
    for (const int length : {-1, 0, 1, 17}) {
        const Error error = error_of(
            [&] { model(std::span(numbers).first(static_cast<std::size_t>(24 * std::max(length, 1))), length); });
        CHECK(error.fault() == Fault::shape);
        CHECK(error.facts().place == "sequence");
        CHECK(error.facts().wanted == "2 to 16");
    }
    CHECK(error_of([&] { model(std::span(numbers).first(24 * 3), 4); }).fault() == Fault::shape);
}

TEST_CASE("an instruction set that this processor lacks is refused when the weights are bound") {
    for (const auto isa : cpu::all_isas) {
        if (cpu::supported(isa))
            CHECK(Model<networks::Gates>::load(weights, {.isa = isa}).engine().isa() == cpu::name_of(isa));
        else CHECK(error_of([&] { Model<networks::Gates>::load(weights, {.isa = isa}); }).fault() == Fault::usage);
    }
}

TEST_CASE("a picture goes through the model's preprocessing into the network's input") {
    using M = Model<zoo::MobileNetV3Small<10, 64>, preprocess::ImageNet<64>>;
    Image picture{50, 70, std::vector<std::uint8_t>(50 * 70 * 3)};
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(i * 7919);
    std::vector<float> planes(3 * 64 * 64);
    M::Preprocess::apply(picture, {planes.data(), 64, 1, 64 * 64});
    const auto model = M::load(weights);
    CHECK(same_bytes(model(picture), model(planes)));
    const auto reference =
        Model<zoo::MobileNetV3Small<10, 64>, preprocess::ImageNet<64>, backend::Reference>::load(weights);
    CHECK(same_bytes(reference(picture), reference(planes)));
}

TEST_CASE("layer by layer, every layer can be looked at, and is Reference's") {
    using M = Model<networks::Shortcuts, execution::LayerByLayer>;
    using Specification = Model<networks::Shortcuts, backend::Reference>;
    const auto sample = samples<M>(1);
    struct Seen {
        std::string name;
        Shape shape;
        std::vector<float> numbers;
    };
    std::vector<Seen> found, expected;
    const auto into = [](std::vector<Seen>& list) {
        return [&](const LayerView& layer) {
            list.push_back({std::string(layer.name), layer.shape, {layer.numbers.begin(), layer.numbers.end()}});
        };
    };
    M::Workspace workspace;
    Specification::Workspace other;
    M::load(weights).walk(sample, workspace, into(found));
    Specification::load(weights).walk(sample, other, into(expected));
    REQUIRE(found.size() == M::graph.nodes.size() - 1);
    REQUIRE(found.size() == expected.size());
    // values within are larger than the output
    const double allowed = ErrorBound(M::graph, weights, sample, M::input_shape.width).error() * 10;
    for (std::size_t i = 0; i < found.size(); ++i) {
        INFO("layer " << found[i].name);
        CHECK(found[i].name == expected[i].name);
        CHECK(found[i].shape == expected[i].shape);
        REQUIRE(found[i].numbers.size() == expected[i].numbers.size());
        double worst = 0;
        for (std::size_t j = 0; j < found[i].numbers.size(); ++j)
            worst = std::max(worst, std::abs(static_cast<double>(found[i].numbers[j]) - expected[i].numbers[j]));
        CHECK(worst <= allowed);
    }
}

TEST_CASE("a model loads from a checkpoint's path") {
    CHECK(error_of([] { Model<networks::Gates>::load("no such file.pth"); }).fault() == Fault::io);
}
