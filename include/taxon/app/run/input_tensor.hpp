#pragma once
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/number/nonfinite.hpp>
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

/// Throws Fault::value, naming the place, for NaN and infinities.
inline void require_finite(const io::FloatTensor& tensor, const std::string& file) {
    const std::size_t at = first_nonfinite(tensor.numbers);
    if (at == tensor.numbers.size()) return;
    std::string place = "]";
    auto index = static_cast<std::int64_t>(at);
    for (std::size_t axis = tensor.shape.size(); axis-- > 0; index /= tensor.shape[axis])
        place = (axis == 0 ? "[" : ", ") + std::to_string(index % tensor.shape[axis]) + place;
    throw Error(Fault::value, {.file = file,
                               .place = "number " + place,
                               .found = std::isnan(tensor.numbers[at]) ? "NaN" : "infinity",
                               .wanted = "finite numbers of float32",
                               .remedy = "--allow-nonfinite runs them as they are"});
}

/// `text`: FILE.npy or input=FILE.npy, of shape (N, C, H, W) or (C, H, W). Throws Fault::shape if it does not fit the
/// network's input, Fault::value for NaN and infinities unless they are allowed.
inline InputTensor tensor_of_file(const std::string& text, const ModelEntry& entry, bool allow_nonfinite) {
    std::string file = text;
    std::error_code ignored;
    if (const auto equals = text.find('='); equals != std::string::npos && !std::filesystem::exists(text, ignored)) {
        const std::string name = entry.graph.inputs.empty() ? "input" : name_of(entry.graph.inputs.front(), "input");
        if (text.substr(0, equals) != name)
            throw Error(Fault::usage, {.place = "--tensor",
                                       .found = "an input named '" + text.substr(0, equals) + "'",
                                       .wanted = "the only one, '" + name + "'"});
        file = text.substr(equals + 1);
    }
    io::FloatTensor tensor = io::read_npy(file);
    const Dimensions& shape = tensor.shape;
    const bool single = shape.size() == 3;
    const std::int64_t wanted[] = {entry.input.channels, entry.input.height, entry.input.width};
    if ((!single && shape.size() != 4) || !std::equal(std::begin(wanted), std::end(wanted), shape.end() - 3) ||
        tensor.numbers.empty())
        throw Error(Fault::shape, {.file = file,
                                   .place = "shape",
                                   .found = io::to_string(shape),
                                   .wanted = "(N, " + io::to_string(wanted).substr(1)});
    if (!allow_nonfinite) require_finite(tensor, file);
    return {file, single ? 1 : static_cast<std::size_t>(shape[0]), std::move(tensor.numbers)};
}

}  // namespace taxon::app
