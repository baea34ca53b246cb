#include <taxon/zoo/mobilenet_v3.hpp>

#include <cmath>

#include "backend/against_reference.hpp"
#include "zoo/golden_modules.hpp"

using namespace taxon;

TEST_CASE("MobileNetV3-Small has the size that its paper states") {
    using Small = Model<zoo::MobileNetV3Small<>>;
    STATIC_REQUIRE(Small::parameter_count == 2'542'856);
    STATIC_REQUIRE(Small::flops == 113'020'800);
    STATIC_REQUIRE(Small::arena_bytes() == 1'645'504);
    STATIC_REQUIRE(Small::input_shape == Shape{3, 224, 224});
    STATIC_REQUIRE(Small::output_shape == Shape{1000});
    STATIC_REQUIRE(Model<zoo::MobileNetV3Large<>>::parameter_count == 5'483'032);
    STATIC_REQUIRE(Model<zoo::MobileNetV3Small<10>>::output_shape == Shape{10});
    STATIC_REQUIRE(Model<zoo::MobileNetV3Small<10>, shape::Fixed<1, 64, 64>>::input_shape == Shape{3, 64, 64});
}

TEST_CASE("MobileNetV3-Small agrees with PyTorch") { check_golden<zoo::MobileNetV3Small<>>("mobilenet_v3_small"); }
TEST_CASE("MobileNetV3-Large agrees with PyTorch") { check_golden<zoo::MobileNetV3Large<>>("mobilenet_v3_large"); }

/// Weights and values rounded to half or bfloat16 in every layer cost PyTorch up to 1e-2 and 6e-2 of the outputs'
/// deviation: twice that.
TEST_CASE("MobileNetV3-Small agrees with PyTorch in smaller floats") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "mobilenet_v3_small");
    const auto input = io::synthetic_input("", "input", 2 * 3 * 224 * 224);
    const auto check = [&]<class Precision>(Precision, double allowed) {
        for (const auto isa : instruction_sets(Precision::data_types)) {
            INFO(Precision::name << " with " << cpu::name_of(isa));
            const double difference =
                golden.difference(Model<zoo::MobileNetV3Small<>, shape::Fixed<2>, Precision>::load(
                    golden.weights(), {.isa = isa})(input));
            CHECK(difference <= allowed);
            CHECK(difference > Golden::allowed);  // else nothing was rounded
        }
    };
    check(precision::Float16{}, 2e-2);
    check(precision::BFloat16{}, 1.2e-1);
}

TEST_CASE("every layer of MobileNetV3-Small agrees with PyTorch's") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto facts = golden_facts(*shared, "mobilenet_v3_small");
    const auto model =
        Model<zoo::MobileNetV3Small<>, backend::Reference>::load(Golden(*shared, "mobilenet_v3_small").weights());
    const auto input = io::synthetic_input("", "input", 2 * 3 * 224 * 224);

    // A module's output is that of the last layer whose name starts with the module's.
    struct Sums {
        double count = 0, sum = 0, squares = 0;
        std::vector<float> first{};
    };
    std::map<std::string, Sums> modules;
    for (std::size_t sample = 0; sample < 2; ++sample) {
        std::map<std::string, std::vector<float>> last;
        backend::Reference::Workspace workspace;
        const std::size_t size = input.size() / 2;
        model.walk(std::span(input).subspan(sample * size, size), workspace, [&](const LayerView& layer) {
            const auto [value, name, shape, numbers] = layer;
            for (std::string module(name);; module.resize(module.rfind('.'))) {
                last[module].assign(numbers.begin(), numbers.end());
                if (module.find('.') == module.npos) break;
            }
        });
        for (const auto& [name, numbers] : last) {
            Sums& sums = modules[name];
            if (sample == 0) sums.first.assign(numbers.begin(), numbers.begin() + 4);
            for (const double x : numbers) ++sums.count, sums.sum += x, sums.squares += x * x;
        }
    }

    int compared = 0;
    for (const auto& [name, wanted] : facts["modules"].items()) {
        if (!modules.contains(name)) continue;  // a module that does nothing at inference, such as dropout
        INFO("module " << name);
        ++compared;
        const Sums& found = modules[name];
        const double mean = found.sum / found.count, deviation = std::sqrt(found.squares / found.count - mean * mean);
        double count = 1;
        for (const auto& n : wanted["shape"]) count *= n.template get<double>();
        CHECK(found.count == count);
        const double allowed = 1e-4 * wanted["std"].template get<double>();  // as for the outputs
        CHECK(std::abs(mean - wanted["mean"].template get<double>()) < allowed);
        CHECK(std::abs(deviation - wanted["std"].template get<double>()) < allowed * 10);  // n or n - 1 numbers
        for (std::size_t i = 0; i < 4; ++i)
            CHECK(std::abs(found.first[i] - wanted["first"][i].template get<double>()) < allowed);
    }
    CHECK(compared == 36);  // all 37 but the dropout
}
