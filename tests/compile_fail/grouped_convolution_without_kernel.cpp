// wants(gcc): ModelError<[^"]*"layer .'0.': the Cpu backend has no kernel for a convolution in groups of several
// wants(gcc): channels yet"
// wants(clang): 'g', 'r', 'o', 'u', 'p', 's', ' ', 'o', 'f', ' ', 's', 'e', 'v', 'e', 'r', 'a', 'l'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{12, 8, 8};
#ifdef TAXON_BROKEN
    static constexpr int groups = 3;
#else
    static constexpr int groups = 12;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<12, 12, 3, 1, groups>>::trace(tracer); }
};

static_assert(Model<Network>::arena_bytes() > 0);
