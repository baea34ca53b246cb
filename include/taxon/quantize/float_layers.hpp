#pragma once
#include <limits>

#include <taxon/core/run_control.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/quantize/sensitivity.hpp>

namespace taxon::quantize {

/// Bounds on a network's outputs compared with its outputs in float32.
struct Bound {
    /// fraction of samples whose top-1 class may change
    double most_changed = 1;
    double least_snr_db = -std::numeric_limits<double>::infinity();  ///< signal-to-noise ratio
    bool holds(const Deviation& deviation) const {
        return deviation.changed() <= most_changed && deviation.snr_db() >= least_snr_db;
    }
};

/// A choice of layers to keep in float, and its effect.
struct FloatLayers {
    DataTypes base{};  ///< of the precision that keeps none
    std::vector<std::string> layers{};
    Sensitivity::Outlook outlook{};

    /// The type to write: precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "features.0.0">.
    std::string spelling(std::string_view name) const {
        std::string text = "precision::MixedPrecision<\"" + std::string(name) + "\", precision::QInt";
        text.append(base.seven_bits                 ? "7"
                    : base.values == Element::uint8 ? "8"
                                                    : "16")
            .append("MixedFloat")
            .append(base.others == Element::float16 ? "16" : "32");
        for (const std::string& layer : layers) text.append(", \"").append(layer).append("\"");
        return text + ">";
    }
};

/// Adds layers to keep in float one by one, in the order of `layers`, which is the scan's, until the bound holds on the
/// scan's samples. Returns every choice on the way, starting with none. Layers that are already float, because they
/// read what a kept one reads, are skipped. Each choice costs a float run of the network per sample. Throws
/// Fault::limit if more layers would have to be kept than a type can name. `control`: its progress counts layers kept,
/// of the most that a type can name; stopped, the last choice need not hold the bound.
inline std::vector<FloatLayers> keep(const Sensitivity& scan, const std::vector<LayerSensitivity>& layers,
                                     const Bound& bound, const RunControl& control = {}) {
    std::vector<FloatLayers> choices{{scan.network().data_types, {}, scan.outlook()}};
    for (const LayerSensitivity& layer : layers) {
        const FloatLayers last = choices.back();
        if (bound.holds(last.outlook.deviation)) break;
        if (!last.outlook.quantized.contains(layer.node)) continue;
        if (last.layers.size() == LayerNames::most)
            throw Error(Fault::limit, {.place = "layers to keep",
                                       .found = "more than " + std::to_string(LayerNames::most),
                                       .wanted = "a bound that fewer meet",
                                       .remedy = "choose a weaker bound, another method of calibration, or 16 bits"});
        FloatLayers next = last;
        next.layers.push_back(layer.name);
        next.outlook = scan.outlook(next.layers);
        choices.push_back(std::move(next));
        if (!control.part_done(choices.size() - 1, LayerNames::most)) break;
    }
    return choices;
}

}  // namespace taxon::quantize
