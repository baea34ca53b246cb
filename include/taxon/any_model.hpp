#pragma once
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/image.hpp>
#include <taxon/core/planes.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/graph/port_numbers.hpp>
#include <taxon/plan/plan.hpp>
#include <taxon/policy/input_policies.hpp>
#include <vector>

namespace taxon {

namespace io {
struct OfflineSection;
}  // namespace io

namespace cpu {
class Executor;
struct RunRecord;
}  // namespace cpu

/// A bound model of any type behind virtual calls. The model itself, with its kernels, is compiled in a file of its own
/// that includes any_model_of.hpp; code that only runs it includes this header. A const AnyModel may be shared by any
/// number of threads, each with its workspace.
class AnyModel {
  public:
    /// Run options.
    struct Options {
        std::string isa = "auto";  ///< "amx", "avx512", "avx2", "portable"; "auto": TAXON_ISA, or the best
        int threads = 0;           ///< maximum per run; 0: all that the process may use
        cpu::Executor* executor =
            nullptr;  ///< the threads to run on; default: the process's pool. Must outlive the model
    };

    /// The memory of one run at a time.
    struct Workspace {
        virtual ~Workspace() = default;
        /// Runs in this memory add themselves to the record, until it is replaced or null. It must outlive them. Throws
        /// Fault::usage for the Reference backend.
        virtual void record_to(cpu::RunRecord*) { throw without_plan(); }
    };

    virtual ~AnyModel() = default;

    virtual GraphView graph() const = 0;
    /// Empty for the Reference backend.
    virtual PlanView plan() const = 0;
    /// The instruction set in use, or "none" for the Reference backend.
    virtual std::string_view isa() const = 0;

    /// (C, H, W), or the maximum number of tokens; of the first, if there are several
    Shape input_shape() const { return graph().inputs.empty() ? graph().node(0).out : graph().inputs.front().shape; }
    Shape output_shape() const { return graph().output_shape(); }  ///< likewise

    /// The number of word embeddings in the weights; 0 if there are none.
    virtual int words() const { return 0; }

    /// The ShapeMode and Preprocess policies, for the tasks.
    virtual InputPolicies input_policies() const { return {}; }

    virtual std::unique_ptr<Workspace> make_workspace() const = 0;
    virtual Workspace& thread_workspace() const = 0;  ///< of the calling thread, shared by models of one type

    /// Runs a batch. `samples`: (N, C, H, W), normalised, or (N, `length`, features); `outputs`: N times the output's
    /// size. Several inputs of a sample lie one after the other, and so do several outputs. Without a length, it
    /// follows from the sizes of `samples` and `outputs`. Attention in sample i is limited to the first `valid[i]`
    /// tokens, if given. Throws Fault::shape if the sizes are not those of a batch.
    virtual void run(std::span<const float> samples, std::span<float> outputs, Workspace& workspace, int length = none,
                     std::span<const int> valid = {}) const = 0;

    /// Runs a batch whose inputs and outputs lie apart, each (N, C, H, W) or (N, `length`, features), in the network's
    /// order or by name. Throws Fault::usage for a name that it does not have, Fault::shape for another number of them
    /// or another size.
    virtual void run_ports(std::span<const InputSpan> inputs, std::span<const OutputSpan> outputs, Workspace& workspace,
                           int length = none) const = 0;

    /// The same in the calling thread's workspace, with newly allocated outputs in the network's order:
    /// `model({{"picture", picture}, {"place", place}})`.
    std::vector<std::vector<float>> operator()(std::initializer_list<InputSpan> inputs, int length = none) const;

    /// Runs the model's Preprocess policy: a picture of any size to normalised floats of the input shape. Throws
    /// Fault::usage for a network over texts.
    virtual void preprocess(const Image& picture, PixelTarget target) const = 0;

    /// Runs one picture of any size, preprocessed straight into the network's input. Throws as `preprocess`.
    virtual std::vector<float> run_picture(const Image& picture, Workspace& workspace) const {
        std::vector<float> sample(static_cast<std::size_t>(input_shape().size()));
        preprocess(picture, planes_of(input_shape(), sample));
        std::vector<float> outputs(sample_size(graph().outputs, input_shape().width));
        run(sample, outputs, workspace);
        return outputs;
    }

    /// Runs a picture, or a batch of samples, in the calling thread's workspace.
    std::vector<float> operator()(const Image& picture) const { return run_picture(picture, thread_workspace()); }
    std::vector<float> operator()(std::span<const float> samples, int length = none) const {
        std::vector<float> outputs(samples.size() / sample_size(graph().inputs, tokens(length)) *
                                   sample_size(graph().outputs, tokens(length)));
        run(samples, outputs, thread_workspace(), length);
        return outputs;
    }

    /// Runs one sample and passes every step's output (C, H, W) to `see`. With execution::LayerByLayer or the Reference
    /// backend, these are the outputs of all layers.
    virtual void walk(std::span<const float> sample, Workspace& workspace, const LayerVisitor& see) const = 0;

    /// Runs one sample on this thread while `edit` changes each step's output before the next reads it, and rounded
    /// copies for each convolution that reads one. Throws Fault::usage unless all of the network's values are float, on
    /// the cpu backend.
    virtual void run_edited(std::span<const float>, std::span<float>, Workspace&, const LayerEditor&) const {
        throw without_plan();
    }

    /// Writes an offline file of the packed weights and `more` sections, atomically. Throws Fault::usage for the
    /// Reference backend, Fault::io.
    virtual void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const = 0;
    void save(const std::filesystem::path& path) const { save(path, {}); }

  protected:
    static Error without_pictures() {
        return Error(Fault::usage, {.place = "input", .found = "a picture", .wanted = "a text, or its tokens"});
    }

  private:
    int tokens(int length) const { return length == none ? input_shape().width : length; }

    static Error without_plan() {
        return Error(
            Fault::usage,
            {.place = "steps", .found = "a network that runs without a plan", .wanted = "one of the cpu backend"});
    }
};

inline std::vector<std::vector<float>> AnyModel::operator()(std::initializer_list<InputSpan> inputs, int length) const {
    const std::span<const InputSpan> list(inputs.begin(), inputs.size());
    auto outputs = outputs_for(graph().outputs, batch_of(graph().inputs, list, tokens(length)), tokens(length));
    run_ports(list, std::vector<OutputSpan>(outputs.begin(), outputs.end()), thread_workspace(), length);
    return outputs;
}

}  // namespace taxon
