#pragma once
#include <algorithm>
#include <memory>
#include <span>
#include <taxon/graph/graph.hpp>
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/read_model.hpp>
#include <taxon/onnx/run.hpp>
#include <taxon/onnx/write_model.hpp>
#include <vector>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

/// What an exported network answers once it was written, read back and folded: a sample's outputs one after the other,
/// in single precision. Samples are as taxon takes them, inputs one after the other; only the first `valid` tokens of
/// each are no padding.
class AnswersOfFile {
  public:
    AnswersOfFile(taxon::GraphView graph, const taxon::onnx::ModelProto& model) : graph_(graph) {
        using namespace taxon;
        const ScratchFolder folder("export");
        const auto file = folder.path() / "model.onnx";
        onnx::write_model(file, model);
        const auto read = std::make_shared<const onnx::ModelProto>(onnx::read_model(file));  // mapped
        onnx::Folded folded = onnx::fold(read);
        REQUIRE(folded.coverage.reason == "");
        program_ = std::move(folded.program);
    }

    const taxon::onnx::Program& program() const { return program_; }

    std::vector<std::vector<float>> operator()(std::span<const std::vector<float>> samples, int valid) const {
        std::vector<taxon::onnx::Tensor> inputs;
        for (const auto& port : program_.inputs) inputs.push_back(input(port, samples, valid));
        const auto outputs = taxon::onnx::run(program_, inputs);
        std::vector<std::vector<float>> answers(samples.size());
        for (const auto& output : outputs)
            for (std::size_t i = 0; i < answers.size(); ++i) {
                const auto numbers = output.numbers<float>();
                const std::size_t size = numbers.size() / answers.size();
                answers[i].insert(answers[i].end(), numbers.begin() + static_cast<std::ptrdiff_t>(i * size),
                                  numbers.begin() + static_cast<std::ptrdiff_t>((i + 1) * size));
            }
        return answers;
    }

  private:
    /// Tokens are an id and a type each.
    taxon::onnx::Tensor input(const taxon::onnx::Program::Port& port, std::span<const std::vector<float>> samples,
                              int valid) const {
        using namespace taxon;
        const onnx::Value& value = program_.value(port);
        onnx::Tensor tensor(value.type, value.shape);
        const std::size_t size = tensor.size() / samples.size();
        std::size_t before = 0;
        for (const Port& other : graph_.inputs) {
            if (other.name == port.name) break;
            before += other.shape.size_of(other.shape.width);
        }
        for (std::size_t i = 0; i < tensor.size(); ++i) {
            const std::size_t at = i % size;
            const std::vector<float>& sample = samples[i / size];
            const bool kept = static_cast<int>(at) < valid;
            if (value.type == onnx::DataType::float32)
                tensor.writable<float>()[i] = sample[graph_.inputs.size() > 1 ? before + at : at];
            else if (port.name == "attention_mask") tensor.writable<std::int64_t>()[i] = kept;
            else
                tensor.writable<std::int64_t>()[i] =
                    kept ? static_cast<std::int64_t>(sample[2 * at + (port.name == "input_ids" ? 0 : 1)]) : 0;
        }
        return tensor;
    }

    taxon::GraphView graph_;
    taxon::onnx::Program program_;
};
