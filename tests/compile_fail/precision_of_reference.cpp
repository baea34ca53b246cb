// wants: taxon::backend::Reference: it computes in double; give it no Precision
#include <taxon/backend/reference/reference.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

#ifdef TAXON_BROKEN
using Classifier = Model<Network, backend::Reference, precision::BFloat16>;
#else
using Classifier = Model<Network, backend::Reference, precision::Float32>;
#endif
Classifier bind(const WeightSource& weights) { return Classifier::load(weights); }
