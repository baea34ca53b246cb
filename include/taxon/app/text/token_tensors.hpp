#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <taxon/io/npy.hpp>
#include <vector>

namespace taxon::app {

/// Generated texts; the last 7·i tokens of the i-th are padding, which is dropped. `length`: of all, in tokens. Throws
/// Fault::usage if nothing is left.
inline std::vector<TokenRow> generated_rows(const std::string& salt, const ModelEntry& entry, int count, int length) {
    if (7 * (count - 1) >= length)
        throw Error(Fault::usage, {.place = "--batch",
                                   .found = std::to_string(count) + " generated texts of up to " +
                                            std::to_string(length) + " tokens, each 7 shorter than the one before",
                                   .wanted = "at most " + std::to_string((length - 1) / 7 + 1)});
    const auto samples = generated_samples(salt, entry, static_cast<std::size_t>(count), length);
    std::vector<TokenRow> rows;
    for (int i = 0; i < count; ++i) {
        const auto first = samples.begin() + static_cast<std::ptrdiff_t>(sample_size(entry, length)) * i;
        rows.emplace_back(first, first + static_cast<std::ptrdiff_t>(sample_size(entry, length - 7 * i)));
    }
    return rows;
}

/// Tokens from .npy files of shape (texts, length), as `tokenize --output-dir` writes them: `named` is its folder, or
/// NAME=FILE of input_ids and optionally token_type_ids and attention_mask, whose ones come first. Throws Fault::usage
/// for other names, Fault::shape, value, and as reading does.
inline std::vector<TokenRow> rows_of_tensors(const std::vector<std::string>& named, int most) {
    static constexpr const char* names[] = {"input_ids", "token_type_ids", "attention_mask"};
    std::map<std::string, std::string> files;
    std::error_code ignored;
    for (const std::string& text : named) {
        if (std::filesystem::is_directory(text, ignored)) {
            for (const char* name : names)
                if (const auto file = std::filesystem::path(text) / (std::string(name) + ".npy");
                    std::filesystem::exists(file, ignored))
                    files[name] = file.string();
            continue;
        }
        const auto equals = text.find('=');
        const std::string name = text.substr(0, equals);
        if (equals == text.npos || std::find(std::begin(names), std::end(names), name) == std::end(names))
            throw Error(
                Fault::usage,
                {.place = "--tensor",
                 .found = "'" + text + "'",
                 .wanted = "a folder, or input_ids=FILE.npy, token_type_ids=FILE.npy and attention_mask=FILE.npy"});
        if (!files.emplace(name, text.substr(equals + 1)).second)
            throw Error(Fault::usage, {.place = "--tensor", .found = name + " twice", .wanted = "each once"});
    }
    if (!files.contains("input_ids"))
        throw Error(
            Fault::usage,
            {.place = "--tensor", .found = "no input_ids", .wanted = "input_ids=FILE.npy, or a folder that has it"});
    const auto ids = io::read_npy(files["input_ids"]);
    if (ids.shape.size() != 2 || ids.numbers.empty() || ids.shape[1] > most)
        throw Error(Fault::shape, {.file = files["input_ids"],
                                   .place = "shape",
                                   .found = io::to_string(ids.shape),
                                   .wanted = "(texts, length) of at most " + std::to_string(most) + " tokens",
                                   .remedy = "--sequence says how many are allowed"});
    const auto beside = [&](const char* name, float standard) {
        if (!files.contains(name)) return std::vector<float>(ids.numbers.size(), standard);
        auto tensor = io::read_npy(files[name]);
        if (tensor.shape != ids.shape)
            throw Error(Fault::shape, {.file = files[name],
                                       .place = "shape",
                                       .found = io::to_string(tensor.shape),
                                       .wanted = io::to_string(ids.shape) + " as of input_ids"});
        return std::move(tensor.numbers);
    };
    const auto types = beside("token_type_ids", 0), mask = beside("attention_mask", 1);
    const auto length = static_cast<std::size_t>(ids.shape[1]);
    std::vector<TokenRow> rows(static_cast<std::size_t>(ids.shape[0]));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto first = mask.begin() + static_cast<std::ptrdiff_t>(i * length),
                   last = first + static_cast<std::ptrdiff_t>(length);
        const auto end = std::find_if(first, last, [](float one) { return one != 1; });
        if (end == first || std::any_of(end, last, [](float zero) { return zero != 0; }))
            throw Error(Fault::value, {.file = files["attention_mask"],
                                       .place = "text " + std::to_string(i),
                                       .found = "another mask",
                                       .wanted = "one or more ones, then zeros"});
        for (auto token = i * length; token < i * length + static_cast<std::size_t>(end - first); ++token)
            rows[i].push_back(ids.numbers[token]), rows[i].push_back(types[token]);
    }
    return rows;
}

}  // namespace taxon::app
