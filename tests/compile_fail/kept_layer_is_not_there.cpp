// wants(gcc): ModelError<[^"]*"precision::MixedPrecision: .'10.' is no dense convolution or linear layer of this
// wants(gcc): network, and no block with one"
// wants(clang): '1', '0', [^,]*, ' ', 'i', 's', ' ', 'n', 'o', ' ', 'd', 'e', 'n', 's', 'e'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/policy/mixed_precision.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 8, 8};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>, Conv2d<8, 4, 1>>::trace(tracer); }
};

#ifdef TAXON_BROKEN
using Kept = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "1", "10">;
#else
using Kept = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "1">;
#endif
static_assert(Model<Network, Kept>::packed_bytes > 0);
