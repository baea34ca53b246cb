// wants(gcc): ModelError<[^"]*"layer .'1\.0.' \(Conv2d<24, 32, 3>\) wants 24 channels, found 16 x 112 x 112"
// wants(clang): '2', '4', ' ', 'c', 'h', 'a', 'n', 'n', 'e', 'l', 's', ','
// wants(clang): ' ', 'f', 'o', 'u', 'n', 'd', ' ', '1', '6', ' ', 'x'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 224, 224};
#ifdef TAXON_BROKEN
    static constexpr int channels = 24;
#else
    static constexpr int channels = 16;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 16, 3, 2>, Sequential<Conv2d<channels, 32, 3>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
