// wants(gcc): ModelError<[^"]*"layer .'block.' \(Residual\) wants its body to make the shortcut.'s shape 8 x 16 x
// wants(gcc): 16, found 8 x 8 x 8"
// wants(clang): 's', 'h', 'a', 'p', 'e', ' ', '8', ' ', 'x', ' ', '1', '6', ' ', 'x', ' ', '1', '6'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{8, 16, 16};
#ifdef TAXON_BROKEN
    static constexpr int stride = 2;
#else
    static constexpr int stride = 1;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Named<"block", Residual<Sequential<Conv2d<8, 8, 3, stride>, Conv2d<8, 8, 1>>>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
