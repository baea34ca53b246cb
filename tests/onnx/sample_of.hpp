#pragma once
#include <cstdint>
#include <taxon/onnx/program.hpp>
#include <vector>

namespace taxon::test {

/// Inputs of a program: whole numbers below their limits, floats in [-1, 1].
inline std::vector<onnx::Tensor> sample_of(const onnx::Program& program, const std::vector<std::int64_t>& limits,
                                           std::uint32_t seed) {
    std::vector<onnx::Tensor> inputs;
    for (std::size_t i = 0; i < program.inputs.size(); ++i) {
        const onnx::Value& value = program.value(program.inputs[i]);
        onnx::Tensor input(value.type, value.shape);
        onnx::visit_type(value.type, [&]<class T>(T) {
            for (T& number : input.writable<T>()) {
                seed = seed * 1664525u + 1013904223u;
                const double random = static_cast<double>(seed >> 8) / static_cast<double>(1 << 24);
                number = static_cast<T>(limits[i] == 0 ? 2 * random - 1 : random * static_cast<double>(limits[i]));
            }
        });
        inputs.push_back(std::move(input));
    }
    return inputs;
}

}  // namespace taxon::test
