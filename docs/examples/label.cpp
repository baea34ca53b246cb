// The sentiment of each text; FOLDER is a model in Hugging Face layout.
#include <cstdio>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/word_piece.hpp>
#include <taxon/task/label.hpp>
#include <taxon/text/vocabulary_file.hpp>
#include <taxon/zoo/bert.hpp>

using Sentiment = taxon::Model<taxon::zoo::MiniLmL6<2>, taxon::preprocess::WordPiece<128>>;

int main(int argc, char** argv) try {
    if (argc < 3) return std::puts("label FOLDER TEXT…"), 2;
    const auto model = Sentiment::load(argv[1]);
    const auto vocabulary = taxon::text::read_vocabulary(argv[1], Sentiment::Preprocess::letter_case);
    const std::vector<std::string> labels{"negative", "positive"};
    for (int i = 2; i < argc; ++i)
        for (const auto& [label, probability, index] :
             taxon::task::label(model, vocabulary, argv[i], {.labels = labels}))
            std::printf("%5.1f%%  %s  %s\n", 100 * probability, label.c_str(), argv[i]);
} catch (const taxon::Error& error) { return std::fprintf(stderr, "%s\n", error.what()), 1; }
