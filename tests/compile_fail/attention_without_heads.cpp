// wants(gcc): ModelError<[^"]*"layer .'1.' \(SelfAttention<24, 3>\) wants tokens or pixels of 72 features
// wants(gcc): found 48 features x 10 tokens"
// wants(clang): 'o', 'f', ' ', '7', '2', ' ', 'f', 'e', 'a', 't', 'u', 'r', 'e', 's'
#include <taxon/layer/attention.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input = Shape::tokens(24, 10);
#ifdef TAXON_BROKEN
    static constexpr int out = 48;
#else
    static constexpr int out = 72;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Linear<24, out>, SelfAttention<24, 3>>::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
