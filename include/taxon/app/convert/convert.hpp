#pragma once
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/number/half.hpp>
#include <taxon/io/float_conversion.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/weights/fitted_weights.hpp>
#include <taxon/app/console/wording.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

/// Encodes a tensor as little-endian float16. Throws Fault::overflow for a finite number beyond its range.
inline std::unique_ptr<std::byte[]> halved(const io::StoredTensor& tensor, const std::string& file) {
    std::vector<float> numbers(static_cast<std::size_t>(io::element_count(tensor.shape)));
    io::to_floats(tensor.element, tensor.bytes, numbers);
    auto bytes = std::make_unique<std::byte[]>(numbers.size() * 2);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const half narrow = to_half(numbers[i]);
        if (std::isinf(to_float(narrow)) && !std::isinf(numbers[i]))
            throw Error(Fault::overflow, {.file = file,
                                          .place = "tensor '" + tensor.name + "', number " + std::to_string(i),
                                          .found = fmt::format("{}", numbers[i]),
                                          .wanted = "at most 65504 for float16",
                                          .remedy = "convert without --half"});
        bytes[2 * i] = static_cast<std::byte>(narrow.bits & 0xffu);
        bytes[2 * i + 1] = static_cast<std::byte>(narrow.bits >> 8);
    }
    return bytes;
}

}  // namespace detail

/// Rewrites a checkpoint that matches the variant, name by name and shape by shape.
struct Convert final : Verb {
    ModelOptions model;
    std::string output;
    bool half = false, quiet = false;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb =
            add_verb(program, "convert", "Check a checkpoint against a network and rewrite it as .safetensors");
        add_variant_option(*verb, family, model);
        verb->add_option("--weights", model.weights,
                         "The .pth, .pt, .bin or .safetensors file, index or folder to rewrite")
            ->required()
            ->type_name("FILE");
        add_weights_key_option(*verb, model.weights_key);
        verb->add_option("--output", output, "Output file; an existing one is replaced atomically")
            ->required()
            ->type_name("FILE.safetensors");
        verb->add_flag("--half", half, "Write floating-point tensors as float16; integers stay as they are");
        verb->add_flag("--quiet", quiet, "Print errors only");
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        require_replaceable("--output", output);
        if (names_synthetic_weights(model.weights))
            throw Error(Fault::usage,
                        {.place = "--weights", .found = "generated weights", .wanted = "a file to rewrite"});
        require_other_file(model.weights, output);
        const ModelEntry& entry = float_entry(family, choose(family, model.choice(family)));
        const auto input = io::WeightFile::open(model.weights, {.key = model.weights_key});
        tell(input.remarks(), console, quiet);
        entry.load(input, {}, model.settings());
        const std::string_view prefix = FittedWeights(entry.graph, input).prefix();

        std::vector<io::StoredTensor> tensors(input.tensors().begin(), input.tensors().end());
        std::vector<std::unique_ptr<std::byte[]>> halves;
        std::int64_t bytes = 0;
        for (auto& tensor : tensors) {
            tensor.name.erase(0, prefix.size());
            if (half && is_floating(tensor.element) && tensor.element != Element::float16) {
                const auto& memory = halves.emplace_back(detail::halved(tensor, model.weights));
                tensor.element = Element::float16;
                tensor.bytes = {memory.get(), static_cast<std::size_t>(io::element_count(tensor.shape)) * 2};
            }
            bytes += static_cast<std::int64_t>(tensor.bytes.size());
        }
        io::write_safetensors(output, tensors, {{"format", "pt"}});
        if (!quiet)
            console.out << fmt::format("{}: {} of {} {}, {}\n", printable(output),
                                       plural(static_cast<std::int64_t>(tensors.size()), "tensor"), family.name,
                                       entry.variant, readable_bytes(bytes));
        return 0;
    }
};

}  // namespace taxon::app
