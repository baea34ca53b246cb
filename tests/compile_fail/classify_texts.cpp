// wants: taxon::task::classify: this network reads texts, not pictures; call taxon::task::label
#include <taxon/model.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/task/classify.hpp>
#include <taxon/task/label.hpp>
#include <taxon/zoo/bert.hpp>

using namespace taxon;

using Texts = Model<zoo::Bert<1, 16, 2, 32, 63>, preprocess::WordPiece<12>>;

#ifdef TAXON_BROKEN
auto answer(const Texts& model, const text::Vocabulary&) { return task::classify(model, Image{}); }
#else
auto answer(const Texts& model, const text::Vocabulary& vocabulary) { return task::label(model, vocabulary, "a"); }
#endif
