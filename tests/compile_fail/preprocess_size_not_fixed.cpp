// wants: taxon: Steps: the picture's size is not fixed; end the geometry with Resize or CenterCrop
#include <taxon/preprocess/steps.hpp>

using namespace taxon::preprocess;
#ifdef TAXON_BROKEN
using Policy = Steps<ResizeShorter<32>, ScaleTo01>;
#else
using Policy = Steps<ResizeShorter<32>, CenterCrop<28>, ScaleTo01>;
#endif
static_assert(Policy::takes == Takes::picture);
