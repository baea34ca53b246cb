// wants: taxon::shape::Mutable: give two whole numbers \(least and most batch\)
// wants: or two Ranges \(batch and sequence length\)
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

#ifdef TAXON_BROKEN
using Classifier = Model<Network, shape::Mutable<1, Range{1, 64}>>;
#else
using Classifier = Model<Network, shape::Mutable<1, 64>>;
#endif
static_assert(Classifier::flops > 0);
