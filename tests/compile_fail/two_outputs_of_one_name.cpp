// wants(gcc): ModelError<[^"]*"the network has two outputs named .'sum.'"
// wants(clang): 't', 'w', 'o', ' ', 'o', 'u', 't', 'p', 'u', 't', 's'
#include <taxon/layer/conv2d.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 8, 8};
    static constexpr void trace(Tracer& tracer) {
        tracer.scope("first", Conv2d<3, 4, 3>::trace);
        tracer.output("sum");
        tracer.scope("second", Conv2d<4, 4, 3>::trace);
#ifdef TAXON_BROKEN
        tracer.output("sum");
#else
        tracer.output("last");
#endif
    }
};

static_assert(Model<Network>::flops > 0);
