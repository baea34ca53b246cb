// wants: taxon: Steps: one of Normalize and ScaleTo01 must come last, and only there
#include <taxon/preprocess/steps.hpp>

using namespace taxon::preprocess;
#ifdef TAXON_BROKEN
using Policy = Steps<Normalize<ImageNetStatistics>, Resize<32>>;
#else
using Policy = Steps<Resize<32>, Normalize<ImageNetStatistics>>;
#endif
static_assert(Policy::height > 0);
