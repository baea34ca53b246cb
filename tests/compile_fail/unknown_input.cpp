// wants(gcc): ModelError<[^"]*"the network has no input .'distant.'; it has .'near.', .'far.'"
// wants(clang): 'n', 'o', ' ', 'i', 'n', 'p', 'u', 't'
#include <taxon/model.hpp>

using namespace taxon;

#ifdef TAXON_BROKEN
constexpr std::string_view second = "distant";
#else
constexpr std::string_view second = "far";
#endif

struct Network {
    static constexpr std::array inputs{Port{"near", {3, 8, 8}}, Port{"far", {3, 8, 8}}};
    static constexpr void trace(Tracer& tracer) {
        const auto near = tracer.current;
        tracer.current = tracer.input(second);
        tracer.node({.op = Op::add}, near.shape, {near, tracer.current});
    }
};

static_assert(Model<Network>::flops == 0);
