// wants(gcc): ModelError<[^"]*"layer .'0.' \(Conv2d<3, 8, 7>\) wants a picture of at least 7 x 7 pixels
// wants(gcc): found 3 x 6 x 9"
// wants(clang): 'a', 't', ' ', 'l', 'e', 'a', 's', 't', ' ', '7', ' ', 'x', ' ', '7'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 6, 9};
#ifdef TAXON_BROKEN
    static constexpr int padding = 0;
#else
    static constexpr int padding = 1;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 7, 1, 1, false, padding>>::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
