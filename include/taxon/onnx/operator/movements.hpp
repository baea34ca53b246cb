#pragma once
#include <algorithm>
#include <iterator>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/generator.hpp>
#include <taxon/onnx/operator/indexing.hpp>
#include <taxon/onnx/operator/movement.hpp>
#include <taxon/onnx/operator/pad.hpp>
#include <taxon/onnx/operator/ranking.hpp>
#include <taxon/onnx/operator/view.hpp>
#include <vector>

/// The table of the operators that move numbers.
namespace taxon::onnx::movement {

inline bool same_shape(const Call& call) { return call.outputs[0].shape == call.shape(0); }
inline bool one_part(const Call& call) { return call.node->outputs.size() == 1; }
inline bool one_input(const Call& call) { return call.inputs.size() == 1; }
inline bool no_order(const Call& call) { return std::ranges::is_sorted(order_of(call, call.shape(0).size())); }
inline bool no_slices(const Call& call) {
    const Slices slices = slices_of(call);
    for (std::size_t i = 0; i < slices.shape.size(); ++i)
        if (slices.shape[i] != call.shape(0)[i] || (slices.steps[i] != 1 && slices.shape[i] > 1)) return false;
    return true;
}
inline bool no_pads(const Call& call) {
    const Pads pads = pads_of(call);
    const auto zero = [](Int size) { return size == 0; };
    return std::ranges::all_of(pads.before, zero) && std::ranges::all_of(pads.after, zero);
}

inline void add_to(std::vector<Operator>& table) {
    const Operator all[] = {
        {"Reshape", 1, 2, "shape allowzero", infer_reshape, nullptr, same_shape, true},
        {"Flatten", 1, 1, "axis", infer_flatten, nullptr, same_shape, true},
        {"Squeeze", 1, 2, "axes", infer_squeeze, nullptr, same_shape, true},
        {"Unsqueeze", 1, 2, "axes", infer_unsqueeze, nullptr, same_shape, true},
        {"Transpose", 1, 1, "perm", infer_transpose, compute_transpose, no_order},
        {"Slice", 1, 5, "starts ends axes", infer_slice, compute_slice, no_slices},
        {"Expand", 2, 2, "", infer_expand, compute_expand, same_shape},
        {"Tile", 2, 2, "", infer_tile, compute_tile, same_shape},
        {"Concat", 1, 1 << 20, "axis", infer_concat, compute_concat, one_input},
        {"Split", 1, 2, "axis split num_outputs", infer_split, compute_split, one_part},
        {"Pad", 1, 4, "mode pads paddings value", infer_pad, compute_pad, no_pads},
        {"DepthToSpace", 1, 1, "blocksize mode", infer_depth_to_space, compute_depth_to_space},
        {"SpaceToDepth", 1, 1, "blocksize mode", infer_space_to_depth, compute_space_to_depth},
        {"Trilu", 1, 2, "upper", infer_trilu, compute_trilu},
        {"Shape", 1, 1, "start end", infer_shape, compute_nothing},
        {"Size", 1, 1, "", infer_size, compute_nothing},
        {"Constant", 0, 0, "value value_float value_floats value_int value_ints", infer_constant, compute_nothing},
        {"ConstantOfShape", 1, 1, "value", infer_constant_of_shape, compute_constant_of_shape},
        {"Range", 3, 3, "", infer_range, compute_range},
        {"EyeLike", 1, 1, "dtype k", infer_eye_like, compute_eye_like},
        {"NonZero", 1, 1, "", infer_non_zero, compute_non_zero},
        {"OneHot", 3, 3, "axis", infer_one_hot, compute_one_hot},
        {"CumSum", 2, 2, "exclusive reverse", infer_cum_sum, compute_cum_sum},
        {"CumProd", 2, 2, "exclusive reverse", infer_cum_sum, compute_cum_sum},
        {"Gather", 2, 2, "axis", infer_gather, compute_gather},
        {"GatherElements", 2, 2, "axis", infer_gather_elements, compute_gather_elements},
        {"GatherND", 2, 2, "batch_dims", infer_gather_nd, compute_gather_nd},
        {"Scatter", 3, 3, "axis", infer_scatter_elements, compute_scatter_elements},
        {"ScatterElements", 3, 3, "axis reduction", infer_scatter_elements, compute_scatter_elements},
        {"ScatterND", 3, 3, "reduction", infer_scatter_nd, compute_scatter_nd},
        {"TopK", 1, 2, "axis largest sorted k", infer_top_k, compute_top_k},
        {"Compress", 2, 2, "axis", infer_compress, compute_compress},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::movement
