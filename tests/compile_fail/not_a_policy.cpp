// wants: taxon::Model: the argument of NotAPolicy<\.\.\.> is no Backend, Precision, ShapeMode, Preprocess or Execution
// wants: NotAPolicy<Wish>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

struct Wish {};

#ifdef TAXON_BROKEN
using Classifier = Model<Network, Wish>;
#else
using Classifier = Model<Network>;
#endif
static_assert(Classifier::flops > 0);
