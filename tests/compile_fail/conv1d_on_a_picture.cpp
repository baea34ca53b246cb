// wants(gcc): ModelError<[^"]*"layer .'0.' \(Conv1d<3, 8, 5>\) wants 3 channels and height 1, found 3 x 2 x 40"
// wants(clang): 'a', 'n', 'd', ' ', 'h', 'e', 'i', 'g', 'h', 't', ' ', '1'
#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
#ifdef TAXON_BROKEN
    static constexpr Shape input{3, 2, 40};
#else
    static constexpr Shape input{3, 1, 40};
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Conv1d<3, 8, 5>>::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
