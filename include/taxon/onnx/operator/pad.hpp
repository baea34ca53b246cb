#pragma once
#include <algorithm>
#include <numeric>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/view.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Pad, with a number, or with numbers of the input itself.
namespace taxon::onnx::movement {

/// Pads before and after each dimension; attributes before version 11.
struct Pads {
    Dimensions before, after;
};
inline Pads pads_of(const Call& call) {
    const std::size_t rank = call.shape(0).size();
    Pads pads{Dimensions(rank, 0), Dimensions(rank, 0)};
    Dimensions all(rank);
    std::iota(all.begin(), all.end(), Int{0});
    const Dimensions sizes = call.opset < 11 ? call.integers(call.opset < 2 ? "paddings" : "pads") : call.constants(1),
                     axes = call.constants(3, all);
    chosen_axes(call, axes, rank);
    call.require(sizes.size() == 2 * axes.size(), Fault::shape, "pads " + text_of(sizes), "two for each axis");
    for (std::size_t i = 0; i < axes.size(); ++i) {
        pads.before[call.axis(axes[i], rank)] = sizes[i];
        pads.after[call.axis(axes[i], rank)] = sizes[axes.size() + i];
    }
    return pads;
}
/// Of floating-point numbers only before version 11, where the filling is an attribute.
inline void infer_pad(Call& call) {
    require_type(call, call.opset >= 11 || is_floating(call.type(0)));
    const std::string mode = call.text("mode", "constant");
    call.require(mode == "constant" || mode == "reflect" || mode == "edge" || mode == "wrap", Fault::unsupported,
                 "mode '" + mode + "'", "constant, reflect, edge or wrap");
    call.require(!call.given(2) || call.type(2) == call.type(0), Fault::type, "a filling of another type",
                 std::string(name_of(call.type(0))));
    const Pads pads = pads_of(call);
    Dimensions shape = call.shape(0);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const Int before = pads.before[i], after = pads.after[i], most = Int{1} << 40;
        call.require(before > -most && before < most && after > -most && after < most, Fault::value, "huge pads",
                     "others");
        call.require(mode != "reflect" || (before < shape[i] && after < shape[i]), Fault::value,
                     "reflections beyond the input", "pads below its sizes");
        call.require(shape[i] != 0 || mode == "constant", Fault::shape, text_of(shape), "something to repeat");
        call.require(shape[i] + before + after >= 0, Fault::shape, "negative pads beyond the input", "a part of it");
        shape[i] += before + after;
    }
    call.output(call.type(0), shape);
}
inline void compute_pad(Call& call) {
    const std::string mode = call.text("mode", "constant");
    const Pads pads = pads_of(call);
    const Dimensions &from = call.operands[0].shape(), &to = call.results[0].shape();
    // for each place of each dimension the place that it is taken from, or -1
    std::vector<Dimensions> sources(to.size());
    for (std::size_t i = 0; i < to.size(); ++i)
        for (Int place = -pads.before[i]; place < to[i] - pads.before[i]; ++place) {
            Int source = place;
            if (mode == "edge") source = std::clamp(place, Int{0}, from[i] - 1);
            else if (mode == "wrap") source = elementwise::modulus(place, from[i]);
            else if (mode == "reflect")
                source = place < 0 ? -place : place >= from[i] ? 2 * (from[i] - 1) - place : place;
            else if (place < 0 || place >= from[i]) source = -1;
            sources[i].push_back(source);
        }
    const Dimensions strides = strides_of(from);
    visit_type(call.results[0].type(), [&]<class T>(T) {
        T filling = static_cast<T>(call.opset < 11 ? call.number("value", 0) : 0);
        if (call.opset >= 11 && call.given(2) && call.operands[2].size() == 1)
            filling = call.operands[2].numbers<T>()[0];
        T* next = call.results[0].writable<T>().data();
        const T* numbers = call.operands[0].numbers<T>().data();
        const Dimensions places = strides_of(to);
        for (std::size_t i = 0; i < call.results[0].size(); ++i) {
            Int at = 0, rest = static_cast<Int>(i);
            for (std::size_t d = 0; d < to.size() && at >= 0; ++d) {
                const Int source = sources[d][static_cast<std::size_t>(rest / places[d])];
                rest %= places[d];
                at = source < 0 ? -1 : at + source * strides[d];
            }
            *next++ = at < 0 ? filling : numbers[at];
        }
    });
}

}  // namespace taxon::onnx::movement
