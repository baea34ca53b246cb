#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <taxon/backend/cpu/cpu.hpp>
#include <taxon/policy/choose.hpp>
#include <taxon/preprocess/none.hpp>

namespace taxon {

namespace io {
class WeightFile;
class OfflineFile;
class OfflineWriter;
struct OfflineSection;
}  // namespace io

/// A network and how it runs, as one type. Policies come in any order; absent ones take the default.
///
///     using Classifier = Model<zoo::MobileNetV3Small<1000>, preprocess::ImageNet<224>>;
///     const auto model = Classifier::load("mobilenet_v3_small.pth");
///     for (auto [index, probability] : eval::top_k(model(read_image("dog.jpg")), 5)) …
///
/// A const Model may be shared by any number of threads; each passes a Workspace or uses its thread's.
template <Architecture A, class... Policies>
class Model {
    static_assert((policy::NotAPolicy<Policies>::absent && ...));
    static_assert(policy::at_most_one<policy::IsBackend, Policies...>, "taxon::Model: two Backend policies; give one");
    static_assert(policy::at_most_one<policy::IsPrecision, Policies...>,
                  "taxon::Model: two Precision policies; give one");
    static_assert(policy::at_most_one<policy::IsShapeMode, Policies...>,
                  "taxon::Model: two ShapeMode policies; give one");
    static_assert(policy::at_most_one<policy::IsPreprocess, Policies...>,
                  "taxon::Model: two Preprocess policies; give one");
    static_assert(policy::at_most_one<policy::IsExecution, Policies...>,
                  "taxon::Model: two Execution policies; give one");

  public:
    using Architecture = A;
    using Backend = typename policy::Choose<policy::IsBackend, backend::Cpu, Policies...>::type;
    using Precision = typename policy::Choose<policy::IsPrecision, precision::Float32, Policies...>::type;
    using ShapeMode = typename policy::Choose<policy::IsShapeMode, shape::Fixed<1>, Policies...>::type;
    using Preprocess = typename policy::Choose<policy::IsPreprocess, preprocess::None, Policies...>::type;
    using Execution = typename policy::Choose<policy::IsExecution, execution::Fused, Policies...>::type;

    static constexpr Shape input_shape = ShapeMode::input(first_input<A>);  ///< (C, H, W), or tokens; the first one's
    static_assert(first_input<A>.sequence ? input_shape.height == 1 : ShapeMode::max_length == 0,
                  "taxon::Model: ShapeMode and the architecture disagree: a network over tokens has a sequence length, "
                  "one over pictures a height and a width");

    // not keyed by the Model: equal choices share code
    using Engine = typename Backend::template Engine<A, input_shape, Precision, Execution>;
    using Options = typename Backend::Options;
    using Workspace = typename Backend::Workspace;

    static constexpr GraphView graph = graph_of<A, input_shape>;
    static constexpr Shape output_shape = graph.output_shape();               ///< the first one's
    static constexpr std::int64_t parameter_count = graph.parameter_count();  ///< trained parameters
    /// per sample, at the maximum length; 2 per multiplication
    static constexpr std::int64_t flops = graph.flops();
    static constexpr std::int64_t packed_bytes = Engine::packed_bytes;  ///< packed weights
    /// Working memory of a run. Samples of a batch run one after the other in it, as many at a time as there are
    /// threads, and a few of each thread's where they share weights.
    static constexpr std::int64_t arena_bytes(int batch = 1, int threads = 1) {
        return Engine::arena_bytes(batch, threads);
    }

    /// Reads a checkpoint: .pth, .pt, .bin, .safetensors or a folder in Hugging Face layout, whose config.json must
    /// match. Throws taxon::Error.
    template <class File = io::WeightFile>
    static Model load(const std::filesystem::path& path, Options options = {}) {
        static_assert(
            requires { sizeof(File); }, "taxon::Model::load(path): include <taxon/io/weight_file.hpp>");
        if constexpr (requires { A::config; }) File::check_config(path, A::config);
        return load(File::open(path), options);
    }

    /// Binds weights from any source. Throws Fault::mismatch, counting what is missing, unexpected or mismatched.
    static Model load(const WeightSource& source, Options options = {}) {
        static_assert(!Precision::data_types.quantized(),
                      "taxon::Model::load: a quantized Precision needs the ranges of its values: load(weights, "
                      "ranges); quantize::Calibrator finds them");
        return Model(Engine(source, options));
    }

    /// The same with the ranges of the values stored as integers. Throws Fault::missing, naming the layer, if one is
    /// absent.
    static Model load(const WeightSource& source, const quantize::Ranges& ranges, Options options = {}) {
        return Model(Engine(source, ranges, options));
    }

    /// Opens a file written by `save`, in milliseconds: it is mapped, not copied. Replace such a file atomically with
    /// rename(2), as `save` does; never edit it in place, because a running model reads its pages. Throws
    /// Fault::mismatch, listing the differences, if another type wrote it; a damaged byte is detected before its first
    /// use, which for weights is the first run.
    template <class Offline = io::OfflineFile>
    static Model open(const std::filesystem::path& path, Options options = {}) {
        static_assert(
            requires { sizeof(Offline); }, "taxon::Model::open(path): include <taxon/backend/cpu/offline.hpp>");
        return open(std::make_shared<const Offline>(Offline::open(path)), options);
    }
    template <class Offline>
    static Model open(std::shared_ptr<const Offline> file, Options options = {}) {
        return Model(Engine(packed_of(std::move(file), graph, Engine::plan), options));
    }

    /// Writes an offline file atomically: packed weights for all instruction sets, ready to be mapped, and `more`
    /// sections of the caller's own.
    template <class Writer = io::OfflineWriter>
    void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more = {}) const {
        static_assert(
            requires { sizeof(Writer); }, "taxon::Model::save(path): include <taxon/backend/cpu/offline.hpp>");
        static_assert(
            requires { Engine::plan; },
            "taxon::Model::save: backend::Reference packs no weights; save a Model of backend::Cpu");
        const auto summary = summary_of(graph, Engine::plan);
        const auto packed = in_panels(Engine::plan, engine_.packed());
        Writer::write(path, fingerprint_of(graph, Engine::plan), sections_of(packed, summary, more));
    }

    /// Runs a batch of contiguous samples, each (C, H, W) or `length` tokens of features; outputs are contiguous, (C,
    /// H, W), tokens or rows. Several inputs of a sample lie one after the other, and so do several outputs. Attention
    /// in sample i is limited to the first `valid[i]` tokens; without `valid`, it covers all. Throws Fault::shape if
    /// the sizes are not those of a batch, and Fault::value for a token id without an embedding.
    void operator()(std::span<const float> samples, std::span<float> outputs, Workspace& workspace,
                    int length = input_shape.width, std::span<const int> valid = {}) const {
        const std::size_t in = sample_size(graph.inputs, length), out = sample_size(graph.outputs, length);
        const int batch = checked_batch(samples.size(), in, length);
        if (outputs.size() != out * static_cast<std::size_t>(batch))
            throw Error(Fault::shape, {.place = "outputs",
                                       .found = std::to_string(outputs.size()) + " numbers",
                                       .wanted = std::to_string(out * static_cast<std::size_t>(batch))});
        check_valid(valid, batch, length);
        Inputs from;
        Outputs to;
        find_end_to_end(graph.inputs, samples.data(), length, from);
        find_end_to_end(graph.outputs, outputs.data(), length, to);
        engine_.run(from, to, batch, length, workspace, valid);
    }

    /// The same with the calling thread's workspace and a newly allocated output.
    std::vector<float> operator()(std::span<const float> samples, int length = input_shape.width) const {
        const int batch = checked_batch(samples.size(), sample_size(graph.inputs, length), length);
        std::vector<float> outputs(static_cast<std::size_t>(batch) * sample_size(graph.outputs, length));
        (*this)(samples, outputs, thread_workspace(), length);
        return outputs;
    }

    /// Runs a batch whose inputs and outputs lie apart, each (N, C, H, W) or (N, `length`, features), in the network's
    /// order or by name. Throws Fault::usage for a name that it does not have, Fault::shape for another number of them
    /// or another size, and as the call above.
    void operator()(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace& workspace,
                    int length = input_shape.width, std::span<const int> valid = {}) const {
        check_length(length);
        const std::size_t batch = batch_of(graph.inputs, inputs, length), sample = sample_size(graph.inputs, length);
        const int checked = checked_batch(batch * sample, sample, length);
        Inputs from;
        Outputs to;
        find_in_list(graph.inputs, inputs, batch, length, from);
        find_in_list(graph.outputs, outputs, batch, length, to);
        check_valid(valid, checked, length);
        engine_.run(from, to, checked, length, workspace, valid);
    }

    /// The same with the calling thread's workspace and newly allocated outputs, in the network's order:
    ///
    ///     const auto outputs = model({{"picture", picture}, {"place", place}});
    std::vector<std::vector<float>> operator()(std::initializer_list<InputSpan> inputs,
                                               int length = input_shape.width) const {
        const std::span<const InputSpan> list(inputs.begin(), inputs.size());
        auto outputs = outputs_for(graph.outputs, batch_of(graph.inputs, list, length), length);
        (*this)(list, std::vector<OutputSpan>(outputs.begin(), outputs.end()), thread_workspace(), length);
        return outputs;
    }

    /// Runs a picture of any size, preprocessed straight into the network's input.
    std::vector<float> operator()(const Image& picture) const { return (*this)(picture, thread_workspace()); }
    std::vector<float> operator()(const Image& picture, Workspace& workspace) const {
        check_preprocess();
        std::vector<float> outputs(sample_size(graph.outputs, input_shape.width));
        Outputs to;
        find_end_to_end(graph.outputs, outputs.data(), input_shape.width, to);
        Preprocess::apply(picture, engine_.input(workspace));
        engine_.run(to, input_shape.width, workspace);
        return outputs;
    }

    /// Passes every step's output to `see` while one sample runs; with execution::LayerByLayer or backend::Reference,
    /// every layer's.
    void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see,
              int length = input_shape.width) const {
        checked_batch(sample.size(), sample_size(graph.inputs, length), length);
        engine_.load_input(sample.first(sample_size(graph.inputs, length)), length, workspace);
        engine_.walk(length, workspace, see);
    }

    const Engine& engine() const { return engine_; }

    /// The number of word embeddings in the weights; 0 if there are none.
    int words() const { return engine_.words(); }

    /// The calling thread's, shared by models of one type.
    static Workspace& thread_workspace() {
        static thread_local Workspace workspace;
        return workspace;
    }

    /// Throws Fault::shape unless `numbers` is the size of one sample of `length` tokens, or of one picture or vector.
    static void check_sample(std::size_t numbers, int length = input_shape.width) {
        check_length(length);
        if (const std::size_t sample = sample_size(graph.inputs, length); numbers != sample)
            throw Error(
                Fault::shape,
                {.place = "sample", .found = std::to_string(numbers) + " numbers", .wanted = std::to_string(sample)});
    }

    /// A compile error for a model that cannot take pictures.
    static constexpr void check_preprocess() {
        static_assert(
            PicturePreprocess<Preprocess>,
            "taxon::Model: a picture needs a Preprocess policy for pictures, such as preprocess::ImageNet<224>");
        static_assert(graph.inputs.size() == 1,
                      "taxon::Model: only a picture for a network with several inputs; preprocess it and pass all "
                      "inputs by name");
        if constexpr (PicturePreprocess<Preprocess>)
            static_assert(
                Preprocess::height == input_shape.height && Preprocess::width == input_shape.width &&
                    input_shape.channels == 3,
                "taxon::Model: Preprocess produces another picture size than the network's input; change one of "
                "them, or the ShapeMode");
    }

  private:
    explicit Model(Engine engine) : engine_(std::move(engine)) {}

    using Inputs = std::array<InputNumbers, graph.inputs.size()>;
    using Outputs = std::array<OutputNumbers, graph.outputs.size()>;

    static void check_valid(std::span<const int> valid, int batch, int length) {
        const bool fits =
            std::all_of(valid.begin(), valid.end(), [&](int tokens) { return tokens >= 1 && tokens <= length; });
        if (valid.empty() || (fits && valid.size() == static_cast<std::size_t>(batch))) return;
        throw Error(Fault::shape, {.place = "valid tokens",
                                   .found = fits ? std::to_string(valid.size()) + " numbers" : "a number out of range",
                                   .wanted = "for each of the " + std::to_string(batch) +
                                             " samples a number from 1 to " + std::to_string(length)});
    }

    static void check_length(int length) {
        if (input_shape.sequence && (length < ShapeMode::min_length || length > input_shape.width))
            throw Error(Fault::shape,
                        {.place = "sequence",
                         .found = std::to_string(length) + " tokens",
                         .wanted = std::to_string(ShapeMode::min_length) + " to " + std::to_string(input_shape.width)});
    }

    static int checked_batch(std::size_t numbers, std::size_t sample, int length) {
        check_length(length);
        const std::size_t batch = numbers / sample;
        if (numbers % sample != 0 || batch < static_cast<std::size_t>(ShapeMode::min_batch) ||
            batch > static_cast<std::size_t>(ShapeMode::max_batch))
            throw Error(Fault::shape,
                        {.place = "samples",
                         .found = std::to_string(numbers) + " numbers",
                         .wanted = std::to_string(ShapeMode::min_batch) + " to " +
                                   std::to_string(ShapeMode::max_batch) + " samples of " + std::to_string(sample)});
        return static_cast<int>(batch);
    }

    Engine engine_;
};

}  // namespace taxon
