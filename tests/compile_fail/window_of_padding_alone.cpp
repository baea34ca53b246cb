// wants(gcc): ModelError<[^"]*"layer .'0.' \(MaxPool2d<2>\) wants a pixel of the picture in every window
// wants(gcc): found 3 x 1 x 5"
// wants(clang): 'i', 'n', ' ', 'e', 'v', 'e', 'r', 'y', ' ', 'w', 'i', 'n', 'd', 'o', 'w'
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

/// Two taps, two apart, pass by the one row that there is.
struct Network {
    static constexpr Shape input{3, 1, 5};
#ifdef TAXON_BROKEN
    static constexpr Extent dilation = 2;
#else
    static constexpr Extent dilation{1, 2};
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<MaxPool2d<2, 1, 1, false, dilation>>::trace(tracer); }
};

static_assert(Model<Network>::arena_bytes() > 0);
