#pragma once
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <taxon/graph/graph.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>

#include "catch.hpp"

/// PyTorch's results for a network with generated weights: its parameters, and its outputs for a generated input.
class Golden {
  public:
    Golden(const std::filesystem::path& shared, const std::string& name)
        : facts_(nlohmann::json::parse(std::ifstream(shared / "golden/synthetic" / (name + ".json")))),
          tensors_(taxon::io::WeightFile::open(shared / "golden/synthetic" / (name + ".safetensors"))) {}

    taxon::io::SyntheticWeights weights() const {
        return taxon::io::SyntheticWeights("", facts_.at("gain").get<double>());
    }

    /// The graph has these parameters, and no others but ignored ones.
    void check_parameters(taxon::GraphView graph) const {
        std::map<std::string, taxon::Dimensions> wanted = facts_.at("parameters");
        for (const taxon::Parameter& p : graph.parameters) {
            const std::string name(graph.name(p));
            INFO(name);
            const auto found = wanted.find(name);
            if (p.role == taxon::Role::ignored && found == wanted.end()) continue;
            REQUIRE(found != wanted.end());
            CHECK(found->second == taxon::Dimensions(p.shape.begin(), p.shape.begin() + p.rank));
            wanted.erase(found);
        }
        CHECK(wanted.empty());
    }

    /// Every layer's shape, where PyTorch has a module of that name; of a module that is called several times its
    /// first.
    void check_shapes(taxon::GraphView graph) const {
        std::map<std::string, taxon::Shape> layers;
        for (const taxon::Node& node : graph.nodes) layers.emplace(graph.name(node), node.out);
        std::size_t compared = 0;
        for (const auto& [name, module] : facts_.at("modules").items()) {
            const auto layer = layers.find(name);
            if (layer == layers.end()) continue;
            INFO(name);
            const auto shape = module.at("shape").get<std::vector<int>>();
            const std::vector<int> found{1, layer->second.channels, layer->second.height, layer->second.width};
            CHECK(std::equal(shape.begin(), shape.end(), found.begin()));
            ++compared;
        }
        CHECK(compared > layers.size() / 2);
    }

    /// The largest difference from PyTorch's logits as a share of their standard deviation.
    double difference(std::span<const float> logits) const {
        const std::vector<float> wanted = tensor("logits");
        REQUIRE(wanted.size() == logits.size());
        return difference(logits, wanted);
    }

    /// The same of a detector's table, boxes and scores apart: the worse. Of large networks PyTorch's first rows were
    /// kept.
    double rows_difference(std::span<const float> table) const {
        const bool whole = tensors_.find("decoded") != nullptr;
        const std::vector<float> wanted = tensor(whole ? "decoded" : "decoded_first500");
        REQUIRE(wanted.size() <= table.size());
        constexpr std::size_t columns = 85, box = 4;
        std::vector<float> found[2], expected[2];
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const bool score = i % columns >= box;
            found[score].push_back(score ? 1 / (1 + std::exp(-table[i])) : table[i]);
            expected[score].push_back(wanted[i]);
        }
        return std::max(difference(found[0], expected[0]), difference(found[1], expected[1]));
    }

    /// PyTorch itself is within 2.3e-6 of double; a wrong epsilon or a missing activation shows above this.
    static constexpr double allowed = 1e-4;
    /// Detectors with generated weights amplify rounding.
    static constexpr double allowed_of_detectors = 1e-3;

    /// The largest difference as a share of the wanted numbers' standard deviation.
    static double difference(std::span<const float> found, std::span<const float> wanted) {
        double sum = 0, squares = 0, worst = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            sum += wanted[i], squares += static_cast<double>(wanted[i]) * wanted[i];
            const double difference = std::abs(static_cast<double>(found[i]) - wanted[i]);
            worst = difference <= worst ? worst : difference;  // NaN is worst
        }
        const double n = static_cast<double>(wanted.size()), mean = sum / n;
        return worst / std::sqrt(squares / n - mean * mean);
    }

  private:
    std::vector<float> tensor(const std::string& name) const {
        const auto shape = tensors_.shape_of(name, {});
        REQUIRE(shape);
        std::vector<float> numbers(taxon::io::element_count(*shape));
        tensors_.read(name, *shape, numbers);
        return numbers;
    }

    nlohmann::json facts_;
    taxon::io::WeightFile tensors_;
};
