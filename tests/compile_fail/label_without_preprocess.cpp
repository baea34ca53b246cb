// wants: taxon::task: a text needs a Preprocess policy for texts, such as preprocess::WordPiece<128>
#include <taxon/model.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/task/label.hpp>
#include <taxon/zoo/bert.hpp>

using namespace taxon;

#ifdef TAXON_BROKEN
using Texts = Model<zoo::Bert<1, 16, 2, 32, 63>>;
#else
using Texts = Model<zoo::Bert<1, 16, 2, 32, 63>, preprocess::WordPiece<12>>;
#endif
auto answer(const Texts& model, const text::Vocabulary& vocabulary) { return task::label(model, vocabulary, "a"); }
