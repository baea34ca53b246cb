// wants(gcc): ModelError<[^"]*"layer .'classifier.' \(Linear<1568, 10>\) wants 1568 features
// wants(gcc): of a vector, of tokens or of pixels, found 32 x 7 x 7"
// wants(clang): 'o', 'f', ' ', 'p', 'i', 'x', 'e', 'l', 's', ',', ' ', 'f'
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
    static constexpr int features = 32 * 7 * 7;
#else
    using Pool = GlobalAveragePool;
    static constexpr int features = 32;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 32, 3>, Pool, Named<"classifier", Linear<features, 10>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
