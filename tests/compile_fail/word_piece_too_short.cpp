// wants: taxon: WordPiece: a pair needs at least 3 tokens
#include <taxon/preprocess/word_piece.hpp>

using namespace taxon::preprocess;
#ifdef TAXON_BROKEN
using Policy = WordPiece<2>;
#else
using Policy = WordPiece<3>;
#endif
static_assert(Policy::takes == Takes::text);
