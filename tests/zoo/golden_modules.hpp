#pragma once
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/model.hpp>
#include <vector>

#include "shared_data.hpp"
#include "zoo/golden.hpp"

/// PyTorch's statistics of a network's modules, in its own order: a batch of two.
inline nlohmann::ordered_json golden_facts(const std::filesystem::path& shared, const std::string& name) {
    return nlohmann::ordered_json::parse(std::ifstream(shared / "golden/synthetic" / (name + ".json")));
}

/// Names and shapes of the state dict, in its order.
inline void check_order(taxon::GraphView graph, const nlohmann::ordered_json& facts) {
    const auto& wanted = facts.at("parameters");
    REQUIRE(graph.parameters.size() == wanted.size());
    std::size_t i = 0;
    for (const auto& [name, shape] : wanted.items()) {
        const taxon::Parameter& found = graph.parameters[i++];
        CHECK(graph.name(found) == name);
        CHECK(std::vector<int>(found.shape.begin(), found.shape.begin() + found.rank) == shape.get<std::vector<int>>());
    }
}

/// A network's parameters, and its outputs on every instruction set and by Reference, for the whole batch.
template <class Network>
void check_golden(const std::string& name) {
    using namespace taxon;
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, name);
    check_order(graph_of<Network>, golden_facts(*shared, name));
    const auto weights = golden.weights();
    const auto input = io::synthetic_input("", "input", 2 * static_cast<std::size_t>(Network::input.size()));
    for (const auto isa : cpu::all_isas) {
        if (!cpu::suits(isa, {})) continue;
        if (!cpu::supported(isa)) {
            WARN("this processor lacks " << cpu::name_of(isa));
            continue;
        }
        INFO(name << " with " << cpu::name_of(isa));
        CHECK(golden.difference(Model<Network, shape::Fixed<2>>::load(weights, {.isa = isa})(input)) <=
              Golden::allowed);
    }
    CHECK(golden.difference(Model<Network, shape::Fixed<2>, backend::Reference>::load(weights)(input)) <=
          Golden::allowed);
}
