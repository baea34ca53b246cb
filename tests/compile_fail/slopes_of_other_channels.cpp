// wants(gcc): layer .'0.' \(PReLU<8>\) wants 8 channels, found 5 x 4 x 4
// wants(clang): '8', ' ', 'c', 'h', 'a', 'n', 'n', 'e', 'l', 's'
#include <taxon/layer/prelu.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
#ifdef TAXON_BROKEN
    static constexpr Shape input{5, 4, 4};
#else
    static constexpr Shape input{8, 4, 4};
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<PReLU<8>>::trace(tracer); }
};

static_assert(Model<Network>::flops == 0);
