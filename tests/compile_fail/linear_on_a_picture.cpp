// wants(gcc): ModelError<[^"]*"layer .'classifier.' \(Linear<32, 10>\) wants 32 features
// wants(gcc): as a vector or as tokens, found 32 x 7 x 7"
// wants(clang): 'a', 's', ' ', 't', 'o', 'k', 'e', 'n', 's', ',', ' ', 'f'
// wants(clang): 'o', 'u', 'n', 'd', ' ', '3', '2', ' ', 'x', ' ', '7'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 7, 7};
#ifdef TAXON_BROKEN
    using Pool = Identity;
#else
    using Pool = GlobalAveragePool;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 32, 3>, Pool, Named<"classifier", Linear<32, 10>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
