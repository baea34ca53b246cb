// wants(gcc): ModelError<[^"]*"layer .'1.' \(Concat\) wants the pixels of its first branch, 8 x 8, from branch 1
// wants(gcc): found 5 x 4 x 4"
// wants(clang): '8', ' ', 'x', ' ', '8', ',', ' ', 'f', 'r', 'o', 'm', ' ', 'b', 'r', 'a', 'n', 'c', 'h', ' ', '1'
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 8, 8};
#ifdef TAXON_BROKEN
    static constexpr int stride = 2;
#else
    static constexpr int stride = 1;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 6, 1>, Concat<Conv2d<6, 4, 3>, Conv2d<6, 5, 3, stride>, Conv2d<6, 7, 1>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
