#pragma once
#include <charconv>
#include <cmath>
#include <taxon/io/stored_tensor.hpp>

namespace taxon::io {

TAXON_DECL std::vector<float> synthetic_input(std::string_view salt, std::string_view name, std::size_t count) {
    const UnitSequence unit(salt, name);
    std::vector<float> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(unit[i]);
    return numbers;
}

TAXON_DECL SyntheticWeights SyntheticWeights::parse(std::string_view text) {
    const auto refuse = [&] {
        throw Error(Fault::usage,
                    {.found = "'" + std::string(text) + "'", .wanted = "synthetic[:SALT][@GAIN] with a positive gain"});
    };
    if (!text.starts_with(prefix)) refuse();
    std::string_view rest = text.substr(prefix.size());
    if (!rest.empty() && rest[0] != ':' && rest[0] != '@') refuse();
    double gain = usual_gain;
    if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
        const std::string_view number = rest.substr(at + 1);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), gain);
        if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(gain) || gain <= 0) refuse();
        rest = rest.substr(0, at);
    }
    return SyntheticWeights(std::string(rest.empty() ? rest : rest.substr(1)), gain);
}

TAXON_DECL std::string SyntheticWeights::origin() const {
    return std::string(prefix) + (salt_.empty() ? "" : ":") + salt_;
}

TAXON_DECL std::optional<Dimensions> SyntheticWeights::shape_of(std::string_view,
                                                                std::span<const std::int64_t> wanted) const {
    return Dimensions(wanted.begin(), wanted.end());
}

TAXON_DECL void SyntheticWeights::read(std::string_view name, std::span<const std::int64_t> shape,
                                       std::span<float> to) const {
    if (element_count(shape) != to.size())
        throw Error(Fault::shape, {.file = origin(),
                                   .place = "tensor '" + std::string(name) + "'",
                                   .found = to_string(shape),
                                   .wanted = std::to_string(to.size()) + " elements"});
    const UnitSequence unit(salt_, name);
    const auto [middle, spread] = range_of(name, shape);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(middle + spread * unit[i]);
}

TAXON_DECL SyntheticWeights::Range SyntheticWeights::range_of(std::string_view name,
                                                              std::span<const std::int64_t> shape) const {
    const std::string_view last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
    const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
    if (last == "running_var") return {1.0, 0.3};
    if (last == "running_mean") return {0.0, 0.1};
    if (has("embed") && shape.size() >= 2 && !has("proj") && !has("conv")) return {0.0, 0.1};
    if (last == "cls_token") return {0.0, 0.1};
    if (shape.size() >= 2) return {0.0, std::sqrt(3.0 * gain_ / static_cast<double>(element_count(shape.subspan(1))))};
    if (last == "bias") return {0.0, 0.05};
    return {1.0, 0.1};
}

}  // namespace taxon::io
