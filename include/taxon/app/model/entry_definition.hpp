#pragma once
#include <cstdint>
#include <taxon/any_model_of.hpp>
#include <taxon/app/model/entry.hpp>
#include <taxon/app/model/reference_network.hpp>
#include <taxon/app/model/size_range.hpp>

/// Definition of Entry<…>. Included only by the files that instantiate it.
namespace taxon::app {
namespace detail {

/// Batch sizes and text lengths of the examples.
inline constexpr Range batches{built_batches.least, built_batches.most}, lengths{1, built_lengths.most};
template <class Variant>
using ShapeMode =
    std::conditional_t<first_input<typename Variant::Architecture>.sequence, shape::Mutable<batches, lengths>,
                       shape::Mutable<built_batches.least, built_batches.most>>;

/// Facts of a variant that are known without weights, on any backend.
template <class Variant, class M>
ModelEntry described(std::string_view variant, std::string_view size, std::string_view precision,
                     std::string_view backend, std::string_view execution) {
    ModelEntry entry{.variant = variant,
                     .precision = precision,
                     .backend = backend,
                     .execution = execution,
                     .size = size,
                     .preprocess = Variant::Preprocess::name,
                     .input = M::input_shape,
                     .output = M::output_shape,
                     .parameter_count = M::parameter_count,
                     .flops = M::flops,
                     .data_types = M::Precision::data_types,
                     .graph = M::graph};
    if constexpr (requires { Variant::Preprocess::letter_case; }) entry.letter_case = Variant::Preprocess::letter_case;
    if constexpr (LetterboxPreprocess<typename Variant::Preprocess>)
        entry.letterbox = [](int height, int width) { return Variant::Preprocess::fit(height, width); };
    if constexpr (requires { Variant::Architecture::input_types; })
        entry.input_types = Variant::Architecture::input_types,
        entry.output_types = Variant::Architecture::output_types;
    if constexpr (requires { Variant::Architecture::config; }) entry.config = Variant::Architecture::config;
    return entry;
}

}  // namespace detail

template <class Variant, class Precision, class Execution>
ModelEntry Entry<Variant, Precision, Execution>::entry(std::string_view variant, std::string_view size) {
    using M = Model<typename Variant::Architecture, backend::Cpu, Precision, Execution, detail::ShapeMode<Variant>,
                    typename Variant::Preprocess>;
    ModelEntry entry =
        detail::described<Variant, M>(variant, size, Precision::name, backend::Cpu::name, Execution::name);
    entry.packed_bytes = M::packed_bytes;
    entry.by_layer = !Execution::fuses;
    entry.plan = M::Engine::plan;
    if constexpr (Execution::fuses && Precision::data_types == DataTypes{})
        entry.replan = &owned_plan_of<typename Variant::Architecture, M::input_shape>;
    entry.load = &ModelLoader<M>::load;
    entry.open = &ModelLoader<M>::open;
    return entry;
}

template <class Variant, class Precision, class Execution>
ModelEntry Entry<Variant, Precision, Execution>::reference_entry(std::string_view variant, std::string_view size) {
    using M = Model<typename Variant::Architecture, Precision, Execution, detail::ShapeMode<Variant>,
                    typename Variant::Preprocess>;
    ModelEntry entry = detail::described<Variant, M>(variant, size, Precision::name, "reference", Execution::name);
    entry.packed_bytes = static_cast<std::int64_t>(sizeof(double)) * M::parameter_count;
    entry.by_layer = true;
    entry.load = [](const WeightSource& source, const quantize::Ranges&, const Settings& settings) {
        void (*prepare)(const Image&, PixelTarget) = nullptr;
        if constexpr (PicturePreprocess<typename Variant::Preprocess>) prepare = &Variant::Preprocess::apply;
        return load_reference(M::graph, prepare, source, settings);
    };
    return entry;
}

}  // namespace taxon::app
