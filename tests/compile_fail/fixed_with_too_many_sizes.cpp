// wants: taxon::shape::Fixed: give a batch, then nothing, a sequence length, or a height and a width
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

#ifdef TAXON_BROKEN
using Classifier = Model<Network, shape::Fixed<1, 3, 32, 32>>;
#else
using Classifier = Model<Network, shape::Fixed<1, 32, 32>>;
#endif
static_assert(Classifier::flops > 0);
