#pragma once
#include <memory>
#include <optional>
#include <taxon/any_model.hpp>
#include <taxon/backend/cpu/offline.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>
#include <type_traits>
#include <utility>

// Included only by the file that compiles a Model.
namespace taxon {
namespace detail {

template <class T>
inline constexpr bool is_cpu_model = false;
template <Architecture A, class... Policies>
inline constexpr bool is_cpu_model<Model<A, Policies...>> =
    std::is_same_v<typename Model<A, Policies...>::Backend, backend::Cpu>;

template <class M>
class AnyModelOf final : public AnyModel {
  public:
    explicit AnyModelOf(M model) : model_(std::move(model)) {}

    GraphView graph() const override { return M::graph; }
    PlanView plan() const override { return M::Engine::plan; }
    std::string_view isa() const override { return model_.engine().isa(); }
    int words() const override { return model_.words(); }

    InputPolicies input_policies() const override {
        return input_policies_of<typename M::ShapeMode, typename M::Preprocess>(M::input_shape);
    }

    std::unique_ptr<Workspace> make_workspace() const override { return std::make_unique<Memory>(); }
    Workspace& thread_workspace() const override {
        static thread_local Memory memory;
        return memory;
    }

    void run(std::span<const float> samples, std::span<float> outputs, Workspace& workspace, int length,
             std::span<const int> valid) const override {
        const std::size_t count = outputs.size() / sample_size(M::graph.outputs, M::input_shape.width);
        if (length == none) length = M::graph.length_of(samples.size() / std::max<std::size_t>(count, 1));
        model_(samples, outputs, memory(workspace), length, valid);
    }
    void run_ports(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace& workspace,
                   int length) const override {
        model_(inputs, outputs, memory(workspace), length == none ? M::input_shape.width : length);
    }
    void preprocess(const Image& picture, PixelTarget target) const override {
        if constexpr (PicturePreprocess<typename M::Preprocess>) M::Preprocess::apply(picture, target);
        else throw without_pictures();
    }
    std::vector<float> run_picture(const Image& picture, Workspace& workspace) const override {
        if constexpr (PicturePreprocess<typename M::Preprocess> && M::graph.inputs.size() == 1)
            return model_(picture, memory(workspace));
        else throw without_pictures();
    }

    void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see) const override {
        model_.walk(sample, memory(workspace), see, M::graph.length_of(sample.size()));
    }
    void run_edited(std::span<const float> sample, std::span<float> output, Workspace& workspace,
                    const LayerEditor& edit) const override {
        model_.engine().load_input(sample, M::graph.length_of(sample.size()), memory(workspace));
        model_.engine().run_edited(output, M::graph.length_of(sample.size()), memory(workspace), edit);
    }
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const override {
        model_.save(path, more);
    }

  private:
    struct Memory final : Workspace {
        void record_to(cpu::RunRecord* record) override { workspace.record_to(record); }
        typename M::Workspace workspace;
    };
    static typename M::Workspace& memory(Workspace& workspace) { return static_cast<Memory&>(workspace).workspace; }

    M model_;
};

}  // namespace detail

/// A bound Model as an AnyModel.
template <class M>
std::unique_ptr<AnyModel> any_model_of(M model) {
    static_assert(detail::is_cpu_model<M>, "taxon::any_model_of: not a taxon::Model on backend::Cpu");
    return std::make_unique<detail::AnyModelOf<M>>(std::move(model));
}

/// Binds weights to a model type behind AnyModel: the functions that taxon_add_model puts into a light header.
template <class M>
class ModelLoader {
    static_assert(detail::is_cpu_model<M>, "taxon::ModelLoader: not a taxon::Model on backend::Cpu");
    static constexpr bool quantized = M::Precision::data_types.quantized();
    using Bound = std::unique_ptr<AnyModel>;

  public:
    /// As Model::load. Throws Fault::usage for a quantized Precision, which needs ranges.
    static Bound load(const std::filesystem::path& path, const AnyModel::Options& options) {
        if constexpr (quantized) throw without_ranges(path.string());
        else return any_model_of(M::load(path, options_of(options)));
    }
    static Bound load(const WeightSource& source, const AnyModel::Options& options) {
        if constexpr (quantized) throw without_ranges(source.origin());
        else return any_model_of(M::load(source, options_of(options)));
    }
    static Bound load(const WeightSource& source, const quantize::Ranges& ranges, const AnyModel::Options& options) {
        return any_model_of(M::load(source, ranges, options_of(options)));
    }

    /// As Model::open.
    static Bound open(const std::filesystem::path& path, const AnyModel::Options& options) {
        return any_model_of(M::open(path, options_of(options)));
    }
    static Bound open(std::shared_ptr<const io::OfflineFile> file, const AnyModel::Options& options) {
        return any_model_of(M::open(std::move(file), options_of(options)));
    }

  private:
    static typename M::Options options_of(const AnyModel::Options& options) {
        const auto isa =
            options.isa == "auto" ? std::nullopt : std::optional(cpu::parse_isa(options.isa, M::Precision::data_types));
        return {.isa = isa, .threads = options.threads, .executor = options.executor};
    }

    static Error without_ranges(std::string file) {
        return Error(Fault::usage, {.file = std::move(file),
                                    .found = "weights alone, for a quantized Precision",
                                    .wanted = "the ranges of its values as well, or an offline file, which has them"});
    }
};

}  // namespace taxon
