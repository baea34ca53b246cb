#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/sentence_encoder.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
using taxon::preprocess::WordPiece;
using taxon::text::LetterCase;
namespace zoo = taxon::zoo;

struct MiniLmL6 : Variant<zoo::MiniLmL6<classes<2>>, WordPiece<512, LetterCase::uncased>> {
    /// More than half of the noise that 8-bit integers make on SST-2 comes from these: GELU makes a few channels far
    /// larger than the others there.
    using O2 =
        taxon::precision::MixedPrecision<"o2", taxon::precision::QInt8MixedFloat32, "bert.encoder.layer.0.output.dense",
                                         "bert.encoder.layer.1.output.dense">;
};
struct SentenceMiniLmL6 : Variant<zoo::SentenceMiniLmL6, WordPiece<512, LetterCase::uncased>> {};
struct SentenceMiniLmL12 : Variant<zoo::SentenceMiniLmL12, WordPiece<512, LetterCase::uncased>> {};
struct BgeSmall : Variant<zoo::BgeSmall, WordPiece<512, LetterCase::uncased>> {};
struct BaseCased : Variant<zoo::BertBaseCased<classes<2>>, WordPiece<512, LetterCase::cased>> {};
struct BaseUncased : Variant<zoo::BertBaseUncased<classes<2>>, WordPiece<512, LetterCase::uncased>> {};
