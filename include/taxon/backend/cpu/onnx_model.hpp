#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <taxon/backend/cpu/executable.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/network.hpp>
#include <taxon/onnx/tensor.hpp>
#include <vector>

namespace taxon {

/// An .onnx file, read, planned and bound when the program runs, for those who cannot compile it. It computes in
/// float32 what the written header's Model does, in the same order of sums but for grouped convolutions, with kernels
/// that take sizes as run-time numbers; docs/onnx.md says how much slower they are.
///
///     const OnnxModel model("mobilenet_v2.onnx", {{"input", {1, 3, 224, 224}}});
///     const std::map<std::string, onnx::Tensor> outputs = model({{"input", picture}});
///
/// A const OnnxModel may be shared by any number of threads; each passes a Workspace or uses its thread's.
class OnnxModel {
  public:
    using Workspace = cpu::Workspace;

    /// Throws as onnx::read_model, onnx::fold and onnx::lower do; Fault::unsupported for what `import_onnx check`
    /// refuses, with its reason.
    explicit OnnxModel(const std::filesystem::path& file, const onnx::InputShapes& shapes = {},
                       const cpu::Options& options = {});
    /// Of the bytes of a file.
    explicit OnnxModel(const onnx::SharedBytes& file, const onnx::InputShapes& shapes = {},
                       const cpu::Options& options = {});
    /// Of a file that is read and folded.
    explicit OnnxModel(const onnx::Program& program, const cpu::Options& options = {});

    /// The network's layers; inputs and outputs with their names, types and shapes in the file.
    const onnx::Network& network() const;
    GraphView graph() const;
    PlanView plan() const;
    const cpu::Executable& executable() const;

    /// The outputs of given inputs, both in the file's order, types and shapes; an input that no layer reads may be an
    /// empty Tensor. Throws Fault::shape for an input of another type or shape, or another number of them.
    std::vector<onnx::Tensor> run(const std::vector<onnx::Tensor>& inputs, Workspace& workspace) const;
    std::vector<onnx::Tensor> run(const std::vector<onnx::Tensor>& inputs) const;

    /// The same by name, in the calling thread's workspace. Throws Fault::missing for a name that the file does not
    /// have, and for an input that is wanted and not given.
    std::map<std::string, onnx::Tensor> operator()(const std::map<std::string, onnx::Tensor>& inputs) const;

  private:
    struct Bound;
    std::shared_ptr<const Bound> bound_;
};

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/onnx_model.ipp>
#endif
