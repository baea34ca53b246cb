#pragma once
#include <string>
#include <taxon/onnx/exporter/exporter.hpp>

/// Dense values as tensors of (N, axes), N being the samples; constants of one sample have 1 instead.
namespace taxon::onnx::detail {

/// A dense value of a tensor (N, axes). `constant`: (1, axes).
inline ValueRef dense_value(const Exporter& exporter, const Node& node, std::string name, Integers axes,
                            bool constant = false) {
    const ValueRef made = exporter.value(node, Layout::dense, std::move(name));
    made->axes = std::move(axes), made->constant = constant;
    return made;
}

/// The same of numbers that are known.
inline ValueRef dense_constant(const Exporter& exporter, const Node& node, std::string_view name,
                               std::vector<float> numbers) {
    const ValueRef made = exporter.value(name, node.out, Layout::dense, {});
    made->constant = true, made->numbers = std::make_shared<const std::vector<float>>(std::move(numbers));
    return made;
}

/// A tensor of shape `from`, or of one that is not known if that is empty, in another shape: (N, axes), or with -1.
/// What was reshaped before is taken as it was.
inline std::string reshaped(Exporter& exporter, std::string_view path, std::string x, Integers from, Integers shape) {
    if (const auto before = exporter.reshaped_from.find(x); before != exporter.reshaped_from.end())
        x = before->second.from, from = before->second.before;
    if (from == shape) return x;
    Integers known = shape;
    if (!known.empty() && known.front() == 0 && from.empty()) known.front() = -1;
    const std::string made = exporter.reshaped(path, x, known);
    exporter.reshaped_from[made] = {x, from, shape};
    return made;
}

/// A tensor of another type; what was cast from that type is taken as it was.
inline std::string cast(Exporter& exporter, std::string_view path, const std::string& x, DataType type,
                        DataType from = DataType::float32) {
    if (type == from) return x;
    const auto was = [&](const std::string& tensor) {
        const auto before = exporter.cast_from.find(tensor);
        return before != exporter.cast_from.end() && before->second.second == type ? before->second.first : "";
    };
    if (const std::string before = was(x); !before.empty()) return before;
    if (const auto other = exporter.reshaped_from.find(x); other != exporter.reshaped_from.end())
        if (const std::string before = was(other->second.from); !before.empty())
            return reshaped(exporter, path, before, other->second.before, other->second.shape);
    const std::string made = exporter.to.node(path, "Cast", {x}, {{"to", static_cast<std::int64_t>(type)}});
    exporter.cast_from[made] = {x, from};
    return made;
}

/// Repeats the numbers of a tensor along axes of size 1.
inline std::string widened(Exporter& exporter, std::string_view path, const std::string& name, Integers sizes) {
    sizes.insert(sizes.begin(), 1);
    return exporter.to.node(path, "Expand", {name, exporter.to.integers(sizes)});
}

/// Zeros of the batch's size, (N, 1 for each of `rank` axes), without an operator that computes shapes.
inline std::string zeros(Exporter& exporter, std::size_t rank) {
    return exporter.made_once("zeros of rank " + std::to_string(rank), [&] {
        GraphWriter& to = exporter.to;
        const ValueRef& input = exporter.values.front();
        const Layout layout = Exporter::layout_of(input);
        const std::string path = "samples";
        const std::size_t axes = exporter.sizes(input->shape, layout).size() - 1;
        std::string one = input->name(layout);
        if (layout == Layout::dense) one = exporter.reshaped(path, one, {input->merged ? -1 : 0, input->shape.size()});
        Integers from;
        for (std::size_t i = 1; i <= axes; ++i) from.push_back(static_cast<std::int64_t>(i));
        one = to.node(path, "Slice",
                      {one, to.integers(Integers(axes, 0)), to.integers(Integers(axes, 1)), to.integers(from)});
        one = to.node(path, "Clip", {one, to.real(0), to.real(0)});
        Integers shape(rank + 1, 1);
        shape.front() = 0;
        return exporter.reshaped(path, one, shape);
    });
}

/// A constant's tensor, (1, sizes), for every sample: (N, sizes). Those of other values are returned as they are.
inline std::string for_samples(Exporter& exporter, std::string_view path, const ValueRef& x, const std::string& name,
                               Integers sizes, bool whole_numbers = false) {
    if (!x->constant || exporter.batch() == 1) return name;
    GraphWriter& to = exporter.to;
    if (exporter.options.open_batch) {
        std::string zero = zeros(exporter, sizes.size());
        if (whole_numbers) zero = cast(exporter, path, zero, DataType::int64);
        return to.node(path, "Add", {zero, name});
    }
    sizes.insert(sizes.begin(), exporter.batch());
    return to.node(path, "Expand", {name, to.integers(sizes)});
}

[[noreturn]] inline void refuse(const Exporter& exporter, const Node& node, std::string found, std::string wanted) {
    throw Error(Fault::unsupported, {.place = "layer '" + std::string(exporter.graph.name(node)) + "'",
                                     .found = std::move(found),
                                     .wanted = std::move(wanted)});
}

}  // namespace taxon::onnx::detail
