// wants(gcc): ModelError<[^"]*"layer .'[^']*': the Cpu backend wants heads of a multiple of eight channels
// wants(clang): 'm', 'u', 'l', 't', 'i', 'p', 'l', 'e', ' ', 'o', 'f', ' ', 'e', 'i', 'g', 'h', 't'
#include <taxon/layer/class_attention.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{24, 6, 6};
#ifdef TAXON_BROKEN
    static constexpr int heads = 2;
#else
    static constexpr int heads = 3;
#endif
    static constexpr void trace(Tracer& tracer) {
        const auto pixels = tracer.current;
        tracer.scope("token", LearnedToken<24>::trace);
        const auto token = tracer.current;
        ClassAttention<24, heads>::trace(tracer, pixels, token);
    }
};

static_assert(Model<Network>::Engine::plan.steps.size() > 0);
