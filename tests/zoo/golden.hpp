#pragma once
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>

#include "shared_data.hpp"

/// What PyTorch made of a network with generated weights and a generated input.
class Golden {
  public:
    Golden(const std::filesystem::path& shared, const std::string& name) : folder_(shared / "golden" / "synthetic"), name_(name) {
        std::ifstream(folder_ / (name + ".json")) >> facts_;
    }

    const nlohmann::ordered_json& facts() const { return facts_; }
    taxon::io::SyntheticWeights weights() const { return taxon::io::SyntheticWeights(facts_["salt"].get<std::string>(), facts_["gain"].get<double>()); }
    std::vector<float> input() const {
        const auto shape = facts_["inputs"]["input"]["shape"].get<std::vector<std::size_t>>();
        std::size_t count = 1;
        for (const std::size_t n : shape) count *= n;
        return taxon::io::synthetic_input(facts_["salt"].get<std::string>(), "input", count);
    }
    std::vector<float> output() const {
        const auto shape = facts_["outputs"]["logits"].get<taxon::Dimensions>();
        std::vector<float> numbers(static_cast<std::size_t>(shape[0] * shape[1]));
        taxon::io::WeightFile::open(folder_ / (name_ + ".safetensors")).read("logits", shape, numbers);
        return numbers;
    }

    /// Names, shapes and order of the state dict.
    void check_parameters(taxon::GraphView graph) const {
        const auto& wanted = facts_["parameters"];
        REQUIRE(graph.parameters.size() == wanted.size());
        std::size_t i = 0;
        for (const auto& [name, shape] : wanted.items()) {
            const taxon::Parameter& found = graph.parameters[i++];
            CHECK(graph.name(found) == name);
            CHECK(std::vector<int>(found.shape.begin(), found.shape.begin() + found.rank) == shape.get<std::vector<int>>());
        }
    }

    /// The largest difference from PyTorch's output, in its standard deviations.
    double distance(const std::vector<float>& found) const {
        const auto wanted = output();
        REQUIRE(found.size() == wanted.size());
        double sum = 0, squares = 0, worst = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const double difference = std::abs(static_cast<double>(found[i]) - wanted[i]);
            sum += wanted[i], squares += static_cast<double>(wanted[i]) * wanted[i];
            worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
        }
        const double n = static_cast<double>(wanted.size()), mean = sum / n;
        return worst / std::sqrt(squares / n - mean * mean);
    }

  private:
    std::filesystem::path folder_;
    std::string name_;
    nlohmann::ordered_json facts_;
};

/// A network's parameters, and its outputs on every instruction set and by Reference. Both PyTorch and Cpu compute in single precision,
/// about 60 layers deep; the acceptance test of the project allows them a ten-thousandth of a standard deviation.
template <class Network>
void check_golden(const std::string& name) {
    using namespace taxon;
    constexpr double allowed = 1e-4;
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, name);
    golden.check_parameters(graph_of<Network>);
    const auto weights = golden.weights();
    const auto input = golden.input();
    for (const auto isa : {cpu::Isa::portable, cpu::Isa::avx2, cpu::Isa::avx512}) {
        if (!cpu::supported(isa)) {
            WARN("this processor lacks " << cpu::name_of(isa));
            continue;
        }
        INFO(name << " with " << cpu::name_of(isa));
        CHECK(golden.distance(Model<Network, shape::Fixed<2>>::load(weights, {.isa = isa})(input)) < allowed);
        CHECK(golden.distance(Model<Network, shape::Fixed<2>, execution::LayerByLayer>::load(weights, {.isa = isa})(input)) < allowed);
    }
    CHECK(golden.distance(Model<Network, shape::Fixed<2>, backend::Reference>::load(weights)(input)) < allowed);
}
