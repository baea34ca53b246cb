// wants: taxon::Model::load: a quantized Precision needs the ranges of its values: load\(weights
// wants: ranges\); quantize::Calibrator finds them
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

using Classifier = Model<Network, precision::QInt8MixedFloat16>;

#ifdef TAXON_BROKEN
Classifier bind(const WeightSource& weights, const quantize::Ranges&) { return Classifier::load(weights); }
#else
Classifier bind(const WeightSource& weights, const quantize::Ranges& ranges) {
    return Classifier::load(weights, ranges);
}
#endif
