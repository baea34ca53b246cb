#pragma once
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/model/offline_facts.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_layout.hpp>
#include <taxon/io/text_lines.hpp>
#include <vector>

namespace taxon::app {

/// An offline file named by --weights, with what `gen` stored in it beside the network.
class OfflineModel {
  public:
    static constexpr std::string_view facts_section = "facts", labels_section = "labels",
                                      vocabulary_section = "vocabulary", added_tokens_section = "added_tokens";

    /// True if a file is meant to be one, by its content; a damaged signature is also told from other kinds of file.
    static bool is_meant(const std::filesystem::path& path);

    /// Reads everything but the weights. Throws as OfflineFile::open, JsonBuilder and read_facts do, and Fault::missing
    /// if a vocabulary comes without facts, among which is its letter case.
    explicit OfflineModel(const std::filesystem::path& path);

    const std::shared_ptr<const io::OfflineFile>& file() const { return file_; }
    std::string path() const { return file_->path().string(); }

    /// None if the library wrote the file, not `gen`.
    const std::optional<OfflineFacts>& facts() const { return facts_; }

    /// The facts as JSON; an empty object without them.
    Json facts_json() const;

    SizeRange batch() const { return facts_ ? facts_->batch : built_batches; }
    /// The range of text lengths that it is for.
    SizeRange sequence() const { return facts_ && facts_->sequence ? *facts_->sequence : built_lengths; }

    /// "mobilenet_v3 small, force_float32"
    std::string title() const {
        return facts_ ? facts_->family + " " + facts_->variant + (facts_->size.empty() ? "" : " " + facts_->size) +
                            ", " + facts_->precision
                      : "a file without facts";
    }

    /// The class names; empty if the file has none.
    std::vector<std::string> labels() const;

    /// A section's text, a line for each token of a network over texts; empty if the file has none.
    std::string_view vocabulary() const { return text_of(vocabulary_section); }
    /// The tokens added to it, as in a tokenizer.json; empty if there are none.
    std::string_view added_tokens() const { return text_of(added_tokens_section); }

    /// A golden input or result of `count` numbers. Throws Fault::missing, Fault::shape if there are not that many, or
    /// Fault::value if one is not finite: no network gave it.
    std::vector<float> golden(const std::string& section, std::size_t count) const;

  private:
    std::string_view text_of(std::string_view section) const {
        return file_->contains(section) ? io::as_text(file_->section(section)) : std::string_view();
    }

    std::shared_ptr<const io::OfflineFile> file_;
    std::optional<OfflineFacts> facts_;
};

}  // namespace taxon::app
