#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/npy.hpp>
#include <vector>

namespace taxon::app {

/// Prepared pictures, (count, C, H, W), or texts, (count, length, 2), and their names in results.
struct InputTensor {
    std::string name;
    std::size_t count = 0;
    std::vector<float> numbers;
};

/// The salt of --input synthetic[:SALT]. Throws Fault::usage for anything else.
inline std::string_view salt_of(std::string_view source) {
    constexpr std::string_view kind = "synthetic";
    if (source != kind && !source.starts_with("synthetic:"))
        throw Error(Fault::usage, {.place = "--input",
                                   .found = "'" + std::string(source) + "'",
                                   .wanted = "synthetic[:SALT]",
                                   .remedy = "inputs of your own are named without --input"});
    return source.substr(std::min(source.size(), kind.size() + 1));
}

/// One generated tensor of shape (count, C, H, W), or of texts (count, length, 2); see salt_of and generated_samples.
inline InputTensor synthetic_tensor(std::string_view source, const ModelEntry& entry, int count, int length = 0) {
    const auto samples = static_cast<std::size_t>(count);
    return {std::string(source), samples, generated_samples(salt_of(source), entry, samples, length)};
}

/// `text`: FILE.npy or input=FILE.npy, of shape (N, C, H, W) or (C, H, W). Throws Fault::shape if it does not fit the
/// network's input.
inline InputTensor tensor_of_file(const std::string& text, const ModelEntry& entry) {
    std::string file = text;
    if (const auto equals = text.find('='); equals != std::string::npos && !std::filesystem::exists(text)) {
        if (text.substr(0, equals) != "input")
            throw Error(Fault::usage, {.place = "--tensor",
                                       .found = "an input named '" + text.substr(0, equals) + "'",
                                       .wanted = "the only one, 'input'"});
        file = text.substr(equals + 1);
    }
    auto [shape, numbers] = io::read_npy(file);
    const bool single = shape.size() == 3;
    const std::int64_t wanted[] = {entry.input.channels, entry.input.height, entry.input.width};
    if ((!single && shape.size() != 4) || !std::equal(std::begin(wanted), std::end(wanted), shape.end() - 3) ||
        numbers.empty())
        throw Error(Fault::shape, {.file = file,
                                   .place = "shape",
                                   .found = io::to_string(shape),
                                   .wanted = "(N, " + io::to_string(wanted).substr(1)});
    return {file, single ? 1 : static_cast<std::size_t>(shape[0]), std::move(numbers)};
}

}  // namespace taxon::app
