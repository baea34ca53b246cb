// wants: taxon: Letterbox: the sides must be 1 to 16384 pixels
#include <taxon/preprocess/letterbox.hpp>

using namespace taxon::preprocess;
#ifdef TAXON_BROKEN
using Policy = Letterbox<640, 0>;
#else
using Policy = Letterbox<640, 384>;
#endif
static_assert(Policy::takes == Takes::picture);
