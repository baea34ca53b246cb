#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/app/model/reference_network.hpp>
#include <taxon/backend/cpu/offline.hpp>
#include <taxon/model.hpp>

/// What Entry<…> declares. Included by the files that instantiate it, and by nothing else.
namespace taxon::app {
namespace detail {

/// A Model behind the command line's virtual calls.
template <class M>
class ModelNetwork final : public AnyModel {
  public:
    explicit ModelNetwork(M model) : model_(std::move(model)) {}

    static std::unique_ptr<AnyModel> load(const WeightSource& source, const quantize::Ranges& ranges,
                                          const Settings& settings) {
        return std::make_unique<ModelNetwork>(M::load(source, ranges, options(settings)));
    }
    static std::unique_ptr<AnyModel> open(std::shared_ptr<const io::OfflineFile> file, const Settings& settings) {
        return std::make_unique<ModelNetwork>(M::open(std::move(file), options(settings)));
    }

    std::unique_ptr<Scratch> scratch() const override { return std::make_unique<Memory>(); }
    void preprocess(const Image& picture, PixelTarget target) const override {
        if constexpr (PicturePreprocess<typename M::Preprocess>) M::Preprocess::apply(picture, target);
        else throw without_pictures();
    }
    void run(std::span<const float> samples, std::span<float> outputs, Scratch& scratch,
             std::span<const int> valid) const override {
        const std::size_t count = outputs.size() / static_cast<std::size_t>(M::output_shape.size());
        model_(samples, outputs, static_cast<Memory&>(scratch).workspace,
               length_of(samples.size() / std::max<std::size_t>(count, 1)), valid);
    }
    std::string_view isa() const override { return model_.engine().isa(); }
    void walk(std::span<const float> sample, Scratch& scratch, const LayerVisitor& see) const override {
        model_.walk(sample, static_cast<Memory&>(scratch).workspace, see, length_of(sample.size()));
    }
    void run_edited(std::span<const float> sample, std::span<float> output, Scratch& scratch,
                    const LayerEditor& edit) const override {
        auto& workspace = static_cast<Memory&>(scratch).workspace;
        model_.engine().load_input(sample, length_of(sample.size()), workspace);
        model_.engine().run_edited(output, length_of(sample.size()), workspace, edit);
    }
    std::vector<double> step_seconds(std::span<const float> sample, Scratch& scratch, int passes) const override {
        return model_.engine().step_seconds(sample, length_of(sample.size()), static_cast<Memory&>(scratch).workspace,
                                            passes);
    }
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const override {
        const std::string summary = summary_of(M::graph, M::Engine::plan);
        auto sections = cpu::sections_of(model_.engine().packed(), summary);
        sections.insert(sections.end(), more.begin(), more.end());
        io::OfflineWriter::write(path, fingerprint_of(M::graph, M::Engine::plan), sections);
    }

  private:
    struct Memory final : Scratch {
        typename M::Workspace workspace;
    };

    /// How many tokens the numbers of a sample are; a picture's width.
    static int length_of(std::size_t numbers) {
        return M::input_shape.sequence ? static_cast<int>(numbers) / M::input_shape.channels : M::input_shape.width;
    }

    static typename M::Options options(const Settings& settings) {
        const auto isa = settings.isa == "auto" ? std::nullopt
                                                : std::optional(cpu::parse_isa(settings.isa, M::Precision::data_types));
        return {.isa = isa, .threads = settings.threads};
    }

    M model_;
};

/// The examples' batches, and the lengths of their texts.
template <class Variant>
using ShapeMode = std::conditional_t<Variant::Architecture::input.sequence,
                                     shape::Mutable<Range{1, 256}, Range{1, 512}>, shape::Mutable<1, 256>>;

/// What is known of a variant before any weights are, whatever the backend.
template <class Variant, class M>
ModelEntry described(std::string_view precision, std::string_view backend, std::string_view execution) {
    ModelEntry entry{.variant = Variant::name,
                     .precision = precision,
                     .backend = backend,
                     .execution = execution,
                     .size = Variant::size,
                     .preprocess = Variant::Preprocess::name,
                     .input = M::input_shape,
                     .output = M::output_shape,
                     .parameter_count = M::parameter_count,
                     .flops = M::flops,
                     .data_types = M::Precision::data_types,
                     .graph = M::graph};
    if constexpr (requires { Variant::Preprocess::letter_case; }) entry.letter_case = Variant::Preprocess::letter_case;
    if constexpr (requires { Variant::Architecture::config; }) entry.config = Variant::Architecture::config;
    return entry;
}

}  // namespace detail

template <class Variant, class Precision, class Execution>
ModelEntry Entry<Variant, Precision, Execution>::entry() {
    using M = Model<typename Variant::Architecture, backend::Cpu, Precision, Execution, detail::ShapeMode<Variant>,
                    typename Variant::Preprocess>;
    ModelEntry entry = detail::described<Variant, M>(Precision::name, backend::Cpu::name, Execution::name);
    entry.arena_bytes = M::arena_bytes();
    entry.packed_bytes = M::packed_bytes;
    entry.by_layer = !Execution::fuses;
    entry.plan = M::Engine::plan;
    if constexpr (Execution::fuses && Precision::data_types == DataTypes{})
        entry.replan = &owned_plan_of<typename Variant::Architecture, M::input_shape>;
    entry.load = &detail::ModelNetwork<M>::load;
    entry.open = &detail::ModelNetwork<M>::open;
    return entry;
}

template <class Variant, class Precision, class Execution>
ModelEntry Entry<Variant, Precision, Execution>::reference_entry() {
    using M = Model<typename Variant::Architecture, Precision, Execution, detail::ShapeMode<Variant>,
                    typename Variant::Preprocess>;
    ModelEntry entry = detail::described<Variant, M>(Precision::name, "reference", Execution::name);
    entry.packed_bytes = static_cast<long>(sizeof(double)) * M::parameter_count;
    entry.by_layer = true;
    entry.load = [](const WeightSource& source, const quantize::Ranges&, const Settings& settings) {
        void (*prepare)(const Image&, PixelTarget) = nullptr;
        if constexpr (PicturePreprocess<typename Variant::Preprocess>) prepare = &Variant::Preprocess::apply;
        return load_reference(M::graph, prepare, source, settings);
    };
    return entry;
}

}  // namespace taxon::app
