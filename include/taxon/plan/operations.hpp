#pragma once
#include <taxon/plan/operation/attention.hpp>
#include <taxon/plan/operation/boxes.hpp>
#include <taxon/plan/operation/convolution.hpp>
#include <taxon/plan/operation/dense.hpp>
#include <taxon/plan/operation/elementwise.hpp>
#include <taxon/plan/operation/movement.hpp>
#include <taxon/plan/operation/normalisation.hpp>
#include <taxon/plan/operation/parameter.hpp>
#include <taxon/plan/operation/pool.hpp>
#include <taxon/plan/operation/token.hpp>
#include <utility>

namespace taxon {
namespace detail {

/// The table of kernels, indexed by Kernel.
// clang-format off
inline constexpr std::array kernel_traits{
    convolution_traits,
    winograd_traits,
    depthwise_traits,
    product_traits,
    affine_traits,
    layer_norm_traits,
    attention_traits,
    activation_traits,
    add_traits,
    scale_traits,
    pool_traits,
    copy_traits,
    embedding_traits,
    upsample_traits,
    boxes_traits,
    prelu_traits,
    parameter_traits,
    outlook_attention_traits,
    class_attention_traits,
    group_norm_traits,
    resize_traits,
    shuffle_traits,
    softmax_traits,
    prepend_traits,
    mean_tokens_traits,
    l2_normalize_traits,
    constant_traits,
    map_traits,
    assemble_traits,
    reduce_traits,
    row_traits,
    matrix_product_traits,
    gather_traits,
    scatter_traits,
    sort_traits,
    recurrent_traits,
    scaled_dot_product_traits,
    flatten_traits,
    picture_traits,
};
// clang-format on

static_assert(
    [] {
        for (std::size_t i = 0; i < kernel_traits.size(); ++i)
            if (kernel_traits[i].kernel != static_cast<Kernel>(i)) return false;
        return kernel_traits.size() == kernel_count;
    }(),
    "the table of kernels has a row for each Kernel, in its order");

constexpr const KernelTraits& traits_of(Kernel kernel) { return kernel_traits[static_cast<std::size_t>(kernel)]; }

/// Plans the step of an operation; see Operation.
template <class Fuser>
constexpr bool plan_operation(Fuser& fuser, Op op, Step& step, int& value) {
    using Plan = bool (*)(Fuser&, Step&, int&);
    constexpr std::array<Plan, op_count> plans = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<Plan, op_count>{
            [](Fuser& by, Step& its, int& of) { return Operation<static_cast<Op>(I)>::plan(by, its, of); }...};
    }
    (std::make_index_sequence<op_count>());
    return plans[static_cast<std::size_t>(op)](fuser, step, value);
}

}  // namespace detail

constexpr std::string_view name_of(Kernel kernel) { return detail::traits_of(kernel).name; }

}  // namespace taxon
