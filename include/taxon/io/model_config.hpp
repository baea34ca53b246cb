#pragma once
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/config_field.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/json_reader.hpp>
#include <taxon/io/mapped_file.hpp>

namespace taxon::io {

/// The integers, words and other numbers of a config.json as Hugging Face writes it beside a model's weights. The
/// number of labels is the size of id2label, where newer versions keep it.
class ModelConfig {
  public:
    /// Throws what JsonReader does.
    static ModelConfig parse(std::string_view text) {
        constexpr std::size_t deepest = 32;
        ModelConfig config;
        Parser parser{config.numbers_, config.texts_};
        JsonReader<Parser>::read(text, deepest, "config.json", parser);
        if (parser.has_labels) config.numbers_["num_labels"] = parser.labels;
        return config;
    }

    /// Nothing if the file does not exist. Throws Fault::io and what `parse` throws, naming the file.
    static std::optional<ModelConfig> read(const std::filesystem::path& path) {
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) return std::nullopt;
        try {
            const MappedFile file(path);
            return parse(as_text(file.bytes()));
        } catch (const Error& error) { throw error.in_file(path.string()); }
    }

    /// An integer of the outermost object, or nothing.
    std::optional<std::uint64_t> number(std::string_view name) const {
        const auto found = numbers_.find(name);
        return found == numbers_.end() ? std::nullopt : std::optional(found->second);
    }

    /// A word of the outermost object, or any other scalar but an integer as written, or nothing.
    std::optional<std::string> text(std::string_view name) const {
        const auto found = texts_.find(name);
        return found == texts_.end() ? std::nullopt : std::optional(found->second);
    }

    /// Throws Fault::mismatch, naming both values, at the first field that differs. Absent and null fields are not
    /// checked.
    void check(std::span<const ConfigField> wanted) const {
        const auto refuse = [](const ConfigField& one, std::string_view found, std::string_view needed) {
            throw Error(Fault::mismatch, {.place = one.name,
                                          .found = found,
                                          .wanted = needed,
                                          .remedy = one.name == "num_labels"
                                                        ? "use the network's type with as many classes; of an example, "
                                                          "-DTAXON_CLASSES=" +
                                                              std::string(found) + " builds it"
                                                        : "choose the variant that the weights were trained for"});
        };
        for (const ConfigField& one : wanted) {
            const auto whole = number(one.name);
            const auto word = text(one.name);
            if (one.text.empty()) {
                if (whole && *whole != static_cast<std::uint64_t>(one.wanted))
                    refuse(one, std::to_string(*whole), std::to_string(one.wanted));
            } else if (whole || (word && *word != "null" && !alike(*word, one.text)))
                refuse(one, whole ? std::to_string(*whole) : *word, std::string(one.text));
        }
    }

  private:
    /// True for the same word, or the same number written differently.
    static bool alike(std::string_view a, std::string_view b) {
        double one = 0, other = 0;
        const auto reads = [](std::string_view text, double& to) {
            return std::from_chars(text.data(), text.data() + text.size(), to) ==
                   std::from_chars_result{text.data() + text.size(), std::errc()};
        };
        return a == b || (reads(a, one) && reads(b, other) && one == other);
    }

    using Texts = std::map<std::string, std::string, std::less<>>;
    using Numbers = std::map<std::string, std::uint64_t, std::less<>>;

    /// JSON handler: looks at the outermost object and at the keys of id2label.
    struct Parser {
        Numbers& numbers;
        Texts& texts;
        int depth = 0;
        std::string field{};
        bool has_labels = false;
        std::uint64_t labels = 0;

        void start_object() {
            if (++depth == 2 && field == "id2label") has_labels = true, labels = 0;
        }
        void end_object() { --depth; }
        void start_array() { ++depth; }
        void end_array() { --depth; }
        void key(std::string name) {
            if (depth == 1) field = std::move(name);
            else if (depth == 2 && field == "id2label") ++labels;
        }
        void string(const std::string& word) {
            if (depth == 1) texts[field] = word;
        }
        void integer(std::uint64_t number) {
            if (depth == 1) numbers[field] = number;
        }
        void other(std::string_view spelt) {
            if (depth == 1) texts[field] = spelt;
        }
    };

    Numbers numbers_;
    Texts texts_;
};

/// Checks the config.json of a folder, or the one beside a file whose name is usual in such folders, against an
/// architecture's own dimensions, field by field. Nothing is checked where there is none, nor for other files, whose
/// neighbours may belong to anything.
inline void check_config(const std::filesystem::path& weights, std::span<const ConfigField> wanted) {
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(weights, ignored);
    const std::string name = weights.filename().string();
    if (!is_folder && !name.starts_with("model.safetensors") && !name.starts_with("pytorch_model.bin")) return;
    const auto path = (is_folder ? weights : weights.parent_path()) / folder_layout::config;
    try {
        if (const auto config = ModelConfig::read(path)) config->check(wanted);
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::io
