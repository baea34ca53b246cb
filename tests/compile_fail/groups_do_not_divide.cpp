// wants: taxon::Conv2d: the groups must divide both channel counts
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{12, 8, 8};
#ifdef TAXON_BROKEN
    static constexpr int groups = 5;
#else
    static constexpr int groups = 1;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<12, 10, 3, 1, groups>>::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
