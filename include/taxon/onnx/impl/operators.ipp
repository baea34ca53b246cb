#pragma once
#include <taxon/onnx/operators.hpp>

#include <algorithm>
#include <vector>

#include <taxon/onnx/operator/attention.hpp>
#include <taxon/onnx/operator/convolution.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/operator/grid_sample.hpp>
#include <taxon/onnx/operator/matrix.hpp>
#include <taxon/onnx/operator/movements.hpp>
#include <taxon/onnx/operator/normalization.hpp>
#include <taxon/onnx/operator/pool.hpp>
#include <taxon/onnx/operator/quantized_product.hpp>
#include <taxon/onnx/operator/recurrent.hpp>
#include <taxon/onnx/operator/reduction.hpp>
#include <taxon/onnx/operator/resize.hpp>
#include <taxon/onnx/operator/rotary_embedding.hpp>

namespace taxon::onnx {

TAXON_DECL std::span<const Operator> operators() {
    static const std::vector<Operator> table = [] {
        std::vector<Operator> all;
        elementwise::add_to(all);
        movement::add_to(all);
        reduction::add_to(all);
        normalization::add_to(all);
        convolution::add_to(all);
        pool::add_to(all);
        matrix::add_to(all);
        resize::add_to(all);
        resize::add_grid_sample_to(all);
        quantization::add_to(all);
        recurrent::add_to(all);
        attention::add_to(all);
        attention::add_rotary_embedding_to(all);
        std::ranges::sort(all, {}, &Operator::name);
        return all;
    }();
    return table;
}

TAXON_DECL const Operator* find_operator(std::string_view name) {
    const auto all = operators();
    const auto at = std::ranges::lower_bound(all, name, {}, &Operator::name);
    return at == all.end() || at->name != name ? nullptr : &*at;
}

}  // namespace taxon::onnx
