// wants: taxon::precision::MixedPrecision: wants a quantized precision or BFloat16
#include <taxon/policy/mixed_precision.hpp>

using namespace taxon;

#ifdef TAXON_BROKEN
using Base = precision::Float16;
#else
using Base = precision::BFloat16;
#endif
static_assert(!precision::MixedPrecision<"o2", Base, "features.0.0">::data_types.float_layers.empty());
