// wants(gcc): \(GroupNorm<16, 16>\) wants a picture of 16 channels, and more than one number in each group
// wants(clang): 'e', 'a', 'c', 'h', ' ', 'g', 'r', 'o', 'u', 'p'
#include <taxon/layer/group_norm.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
#ifdef TAXON_BROKEN
    static constexpr Shape input{16};
#else
    static constexpr Shape input{16, 1, 2};
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<InstanceNorm2d<16>>::trace(tracer); }
};

static_assert(Model<Network>::flops == 0);
