#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/config_number.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/json_reader.hpp>
#include <taxon/io/mapped_file.hpp>

namespace taxon::io {

/// The whole numbers of a config.json as Hugging Face writes it beside a model's weights. The number of labels is that of the entries of
/// id2label, which is where newer versions have it.
class ModelConfig {
  public:
    /// Throws what JsonReader does.
    static ModelConfig parse(std::string_view text) {
        constexpr std::size_t deepest = 32;
        ModelConfig config;
        Parser parser{config.numbers_};
        JsonReader<Parser>::read(text, deepest, "config.json", parser);
        if (parser.has_labels) config.numbers_["num_labels"] = parser.labels;
        return config;
    }

    /// None of a file that is not there. Throws Fault::io and what `parse` does, saying the file.
    static std::optional<ModelConfig> read(const std::filesystem::path& path) {
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) return std::nullopt;
        try {
            const MappedFile file(path);
            return parse(as_text(file.bytes()));
        } catch (const Error& error) {
            throw error.in_file(path.string());
        }
    }

    /// Of the outermost object; none if it has no such whole number.
    std::optional<std::uint64_t> number(std::string_view name) const {
        const auto found = numbers_.find(name);
        return found == numbers_.end() ? std::nullopt : std::optional(found->second);
    }

    /// Throws Fault::mismatch, naming both numbers, for the first that the file has otherwise. What it does not have is not held against it.
    void check(std::span<const ConfigNumber> wanted) const {
        for (const ConfigNumber& one : wanted) {
            const auto found = number(one.name);
            if (!found || *found == static_cast<std::uint64_t>(one.wanted)) continue;
            throw Error(Fault::mismatch, {.place = std::string(one.name), .found = std::to_string(*found), .wanted = std::to_string(one.wanted),
                                          .remedy = "choose the variant and the number of classes that the weights were trained for"});
        }
    }

  private:
    using Numbers = std::map<std::string, std::uint64_t, std::less<>>;

    /// Follows a JSON reader; looks at the outermost object and at the keys of id2label.
    struct Parser {
        Numbers& numbers;
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
        void string(const std::string&) const {}
        void integer(std::uint64_t number) {
            if (depth == 1) numbers[field] = number;
        }
        void other(std::string_view) const {}
    };

    Numbers numbers_;
};

/// Holds the config.json of a folder to what an architecture says of itself. Nothing is checked of a file, or where there is no config.json.
inline void check_config(const std::filesystem::path& folder, std::span<const ConfigNumber> wanted) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) return;
    const auto path = folder / "config.json";
    try {
        if (const auto config = ModelConfig::read(path)) config->check(wanted);
    } catch (const Error& error) {
        throw error.in_file(path.string());
    }
}

}  // namespace taxon::io
