// wants(gcc): layer .'0.' \(PixelShuffle<2>\) wants a picture of a multiple of 4 channels, found 3 x 5 x 5
// wants(clang): 'm', 'u', 'l', 't', 'i', 'p', 'l', 'e', ' ', 'o', 'f', ' ', '4'
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/shuffle.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
#ifdef TAXON_BROKEN
    static constexpr Shape input{3, 5, 5};
#else
    static constexpr Shape input{12, 5, 5};
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<PixelShuffle<2>>::trace(tracer); }
};

static_assert(Model<Network>::flops == 0);
