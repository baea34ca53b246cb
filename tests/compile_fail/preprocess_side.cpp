// wants: taxon: Resize: the side must be 1 to 16384 pixels
#include <taxon/preprocess/steps.hpp>

using namespace taxon::preprocess;
#ifdef TAXON_BROKEN
using Policy = Steps<Resize<0>, ScaleTo01>;
#else
using Policy = Steps<Resize<1>, ScaleTo01>;
#endif
static_assert(Policy::takes == Takes::picture);
