// wants: taxon::Concat: give two branches or more
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 8, 8};
#ifdef TAXON_BROKEN
    using Branches = Concat<Conv2d<3, 4, 3>>;
#else
    using Branches = Concat<Conv2d<3, 4, 3>, Conv2d<3, 4, 3>>;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Branches>::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
