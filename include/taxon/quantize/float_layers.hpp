#pragma once
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/quantize/sensitivity.hpp>

namespace taxon::quantize {

/// What a network's answers must be like, compared with its answers in floats.
struct Bound {
    /// fraction of samples whose best class may be another one
    double most_changed = 1;
    double least_snr_db = -std::numeric_limits<double>::infinity();  ///< signal to noise
    bool holds(const Deviation& deviation) const {
        return deviation.changed() <= most_changed && deviation.snr_db() >= least_snr_db;
    }
};

/// Layers to keep in floats, and what comes of that.
struct FloatLayers {
    DataTypes base{};  ///< of the precision that keeps none
    std::vector<std::string> layers{};
    Sensitivity::Outlook outlook{};

    /// The type to write: precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "features.0.0">.
    std::string spelling(std::string_view name) const {
        std::string text = "precision::MixedPrecision<\"" + std::string(name) + "\", precision::QInt";
        text.append(base.values == Element::uint8 ? "8" : "16")
            .append("MixedFloat")
            .append(base.others == Element::float16 ? "16" : "32");
        for (const std::string& layer : layers) text.append(", \"").append(layer).append("\"");
        return text + ">";
    }
};

/// Keeps one layer after the other, in the order of `layers`, which is the scan's, until the bound holds on the scan's
/// samples: every choice on the way, from none on. Layers that are computed in floats already, since they read what a
/// kept one reads, are passed over. Each choice costs a run of the network in floats for every sample. Throws
/// Fault::limit if more layers would have to be kept than a type can name.
inline std::vector<FloatLayers> keep(const Sensitivity& scan, const std::vector<LayerSensitivity>& layers,
                                     const Bound& bound) {
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
    }
    return choices;
}

}  // namespace taxon::quantize
