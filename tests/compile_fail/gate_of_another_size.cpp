// wants(gcc): ModelError<[^"]*"layer .'0.' \(Gated\) wants a gate of 8 numbers, found 9 x 1 x 1"
// wants(clang): 'g', 'a', 't', 'e', ' ', 'o', 'f', ' ', '8'
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{8, 5, 5};
#ifdef TAXON_BROKEN
    static constexpr int out = 9;
#else
    static constexpr int out = 8;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Gated<Sequential<GlobalAveragePool, Linear<8, out>>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
