#pragma once
#include <taxon/graph/graph.hpp>

#include "app/program.hpp"
#include "text/small_vocabulary.hpp"

/// Runs the command line of a family of small real networks over texts in this process (see program.cpp), all with the
/// small vocabulary and two classes. "lower", the default, comes in float32, on the Reference backend as well, and in
/// integers of 8 bits; "capital", which is cased, in float32; "first" and "sentence" are sentence encoders.
Outcome run_text_program(const std::vector<std::string>& arguments);
/// The same of a program that has "sentence" alone, and the vocabulary.
Outcome run_sentence_program(const std::vector<std::string>& arguments);
/// The network of "lower".
taxon::GraphView text_graph();

/// A folder in Hugging Face layout for "lower": vocab.txt, config.json and weights; and dev.tsv, 20 texts of SST-2's
/// kind.
class ModelFolder : public TestFolder {
  public:
    ModelFolder();
    std::string model() const { return *this / "model"; }
    std::string dev() const { return *this / "dev.tsv"; }

    std::string file(const std::string& name, const std::string& text) const {
        write_text(*this / name, text);
        return *this / name;
    }
};

/// The same folder with a sentence encoder, "sentence", as sentence-transformers saves it: of up to 6 tokens.
class SentenceFolder : public ModelFolder {
  public:
    SentenceFolder();
    /// Replaces the pooling's config.json: `pooling_mode_MODE` is true.
    void write_pooling(const std::string& mode) const;
};
