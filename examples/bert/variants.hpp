#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/sentence_encoder.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
using taxon::preprocess::WordPiece;
using taxon::text::LetterCase;
namespace zoo = taxon::zoo;

struct MiniLmL6 : Variant<zoo::MiniLmL6<classes<2>>, WordPiece<512, LetterCase::uncased>> {};
struct SentenceMiniLmL6 : Variant<zoo::SentenceMiniLmL6, WordPiece<512, LetterCase::uncased>> {};
struct SentenceMiniLmL12 : Variant<zoo::SentenceMiniLmL12, WordPiece<512, LetterCase::uncased>> {};
struct BgeSmall : Variant<zoo::BgeSmall, WordPiece<512, LetterCase::uncased>> {};
struct BaseCased : Variant<zoo::BertBaseCased<classes<2>>, WordPiece<512, LetterCase::cased>> {};
struct BaseUncased : Variant<zoo::BertBaseUncased<classes<2>>, WordPiece<512, LetterCase::uncased>> {};
