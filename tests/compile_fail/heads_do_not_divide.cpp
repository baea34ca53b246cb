// wants: taxon::SelfAttention: the heads must divide the features
#include <taxon/layer/attention.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input = Shape::tokens(72, 10);
#ifdef TAXON_BROKEN
    static constexpr int heads = 5;
#else
    static constexpr int heads = 3;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<SelfAttention<24, heads>>::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
