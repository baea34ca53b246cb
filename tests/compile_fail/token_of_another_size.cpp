// wants(gcc): ModelError<[^"]*"layer .'0.' \(Prepend\) wants a picture, and a token of as many features as it has
// wants(clang): 'P', 'r', 'e', 'p', 'e', 'n', 'd'
#include <taxon/layer/learned.hpp>
#include <taxon/layer/prepend.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{8, 5, 5};
#ifdef TAXON_BROKEN
    static constexpr int features = 9;
#else
    static constexpr int features = 8;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<Prepend<Named<"cls_token", LearnedToken<features>>>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops == 0);
