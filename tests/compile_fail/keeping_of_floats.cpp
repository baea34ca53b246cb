// wants: taxon::precision::Keeping: wants a quantized precision or BFloat16
#include <taxon/policy/mixed_precision.hpp>

using namespace taxon;

#ifdef TAXON_BROKEN
using Base = precision::Float16;
#else
using Base = precision::BFloat16;
#endif
static_assert(!precision::Keeping<"o2", Base, "features.0.0">::storage.kept.empty());
