#pragma once
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <taxon/core/config_field.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/json_file.hpp>
#include <taxon/io/json_keys.hpp>
#include <taxon/io/json_reader.hpp>

namespace taxon::io {

/// The fields of a config.json as Hugging Face writes it beside a model's weights. The number of labels is the size of
/// id2label, where newer versions keep it.
class ModelConfig {
  public:
    /// Throws what JsonReader and JsonKeys do, and Fault::limit.
    static ModelConfig parse(std::string_view text, const Limits& limits = {}) {
        ModelConfig config;
        Parser parser(config, limits);
        JsonReader<Parser>::read(text, limits.json_depth, "config.json", parser);
        if (parser.has_labels()) config.fields_["num_labels"] = {.kind = Kind::whole, .whole = config.labels_.size()};
        return config;
    }

    /// Nothing if the file does not exist. Throws Fault::io, ::limit for a file of more than limits.reader_bytes, most
    /// of which is kept, and what `parse` throws, naming the file.
    static std::optional<ModelConfig> read(const std::filesystem::path& path, const Limits& limits = {}) {
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) return std::nullopt;
        return read_json_file(path, limits.reader_bytes, [&](std::string_view text) { return parse(text, limits); });
    }

    /// An integer of the outermost object, or nothing.
    std::optional<std::uint64_t> number(std::string_view name) const {
        const auto found = fields_.find(name);
        return found == fields_.end() || found->second.kind != Kind::whole ? std::nullopt
                                                                           : std::optional(found->second.whole);
    }

    /// The name of label `index`, or nothing.
    std::optional<std::string> label(std::size_t index) const {
        const auto found = labels_.find(std::to_string(index));
        return found == labels_.end() ? std::nullopt : std::optional(found->second);
    }

    /// Throws Fault::type or Fault::mismatch, naming both values, at the first field that differs. Absent and null
    /// fields are not checked.
    void check(std::span<const ConfigField> wanted) const {
        for (const ConfigField& one : wanted) {
            const auto found = fields_.find(one.name);
            if (found == fields_.end() || found->second.is_null()) continue;
            const Value& value = found->second;
            if (fits(value, one)) continue;
            const std::string needed = one.text.empty() ? std::to_string(one.wanted) : std::string(one.text);
            const bool same_kind =
                one.text.empty() ? value.kind == Kind::whole : value.kind != Kind::nested && value.spelt() != needed;
            throw Error(same_kind ? Fault::mismatch : Fault::type,
                        {.place = one.name,
                         .found = same_kind ? value.spelt() : value.described(),
                         .wanted = needed,
                         .remedy = remedy(one, same_kind ? value.spelt() : std::string())});
        }
    }

  private:
    enum class Kind : std::uint8_t { whole, word, other, nested };

    struct Value {
        Kind kind = Kind::nested;
        std::uint64_t whole = 0;
        std::string text{};  ///< a word, or any other scalar as written

        bool is_null() const { return kind == Kind::other && text == "null"; }
        std::string spelt() const { return kind == Kind::whole ? std::to_string(whole) : text; }
        std::string described() const {
            return kind == Kind::nested ? "a list or an object" : kind == Kind::word ? "\"" + text + "\"" : spelt();
        }
    };

    /// `found`: of the wanted kind, else empty.
    static std::string remedy(const ConfigField& wanted, const std::string& found) {
        if (wanted.name == "num_labels" && !found.empty())
            return "use the network's type with as many classes; of an example, -DTAXON_CLASSES=" + found +
                   " builds it";
        if (wanted.name == "problem_type")
            return "what is shown would be no percentages; a copy of the weights without config.json gives the logits";
        return "choose the variant that the weights were trained for";
    }

    static std::optional<double> as_number(std::string_view text) {
        double number = 0;
        const bool reads = std::from_chars(text.data(), text.data() + text.size(), number) ==
                           std::from_chars_result{text.data() + text.size(), std::errc()};
        return reads ? std::optional(number) : std::nullopt;
    }

    /// True for the same integer or one within bounds, the same word or flag, or the same number however it is written.
    static bool fits(const Value& value, const ConfigField& wanted) {
        if (wanted.text.empty())
            return value.kind == Kind::whole && value.whole >= static_cast<std::uint64_t>(wanted.wanted) &&
                   value.whole - static_cast<std::uint64_t>(wanted.wanted) <= static_cast<std::uint64_t>(wanted.more);
        if (const auto number = as_number(wanted.text))
            return (value.kind == Kind::whole || value.kind == Kind::other) && as_number(value.spelt()) == number;
        const bool is_flag = wanted.text == "true" || wanted.text == "false";
        return value.kind == (is_flag ? Kind::other : Kind::word) && value.text == wanted.text;
    }

    /// JSON handler: looks at the outermost object and at id2label.
    class Parser {
      public:
        Parser(ModelConfig& config, const Limits& limits)
            : config_(config), keys_(limits.json_values), most_(limits.json_values) {}

        bool has_labels() const { return has_labels_; }

        void start_object() {
            if (depth_ == 1 && field_ == "id2label") has_labels_ = in_labels_ = true;
            start_array();
            keys_.start_object();
        }
        void end_object() {
            keys_.end_object();
            end_array();
            if (depth_ == 1) in_labels_ = false;
        }
        void start_array() {
            if (depth_ == 1) add({});
            ++depth_;
        }
        void end_array() { --depth_; }
        void key(std::string_view name) {
            if (depth_ == 1) field_ = name;
            else if (depth_ == 2 && in_labels_) config_.labels_[label_ = name];
            if (config_.fields_.size() + config_.labels_.size() > most_)
                throw Error(
                    Fault::limit,
                    {.place = "config.json", .found = "more fields", .wanted = "at most " + std::to_string(most_)});
            keys_.add(name);
        }
        void string(std::string_view word) {
            if (depth_ == 2 && in_labels_) config_.labels_[label_] = word;
            add({.kind = Kind::word, .text = std::string(word)});
        }
        void integer(std::uint64_t number) { add({.kind = Kind::whole, .whole = number}); }
        void other(std::string_view spelt) { add({.kind = Kind::other, .text = std::string(spelt)}); }

      private:
        void add(Value&& value) {
            if (depth_ == 1) config_.fields_[field_] = std::move(value);
        }

        ModelConfig& config_;
        JsonKeys keys_;
        std::size_t most_;
        int depth_ = 0;
        std::string field_, label_;
        bool has_labels_ = false, in_labels_ = false;
    };

    std::map<std::string, Value, std::less<>> fields_;
    std::map<std::string, std::string> labels_;
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
