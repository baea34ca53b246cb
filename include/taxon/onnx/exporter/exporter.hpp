#pragma once
#include <map>
#include <optional>
#include <taxon/graph/graph.hpp>
#include <taxon/onnx/exporter/graph_writer.hpp>
#include <taxon/onnx/exporter/exported_value.hpp>
#include <taxon/onnx/port_type.hpp>
#include <taxon/plan/rounding.hpp>
#include <taxon/weights/parameters.hpp>

namespace taxon::onnx {

/// The form of an exported graph. 13 writes out what 17 has operators for: hard swish, layer normalisation.
struct ExportOptions {
    int opset = 17;           ///< 13 or 17
    int batch = 1;            ///< samples of every input
    bool open_batch = false;  ///< any number of them instead: a dimension called "batch"
    int length = none;        ///< tokens of every text; the most that the network takes if it is not given
    /// of a network that was an .onnx file: its ports have these types and shapes, the first size times the samples
    std::span<const PortType> input_types{}, output_types{};
};

/// What the functions of single operations (convolution.hpp, …) share: the graph so far, and its values by node.
class Exporter {
  public:
    Exporter(GraphView network, const Parameters& numbers, const quantize::Rounding& integers,
             const ExportOptions& form, std::string name)
        : graph(network), parameters(numbers), rounding(integers), options(form), to(std::move(name)),
          values(network.nodes.size()), readers_(network.nodes.size()) {
        for (int i = 0; i < graph.size(); ++i)
            for (const int operand : graph.operands(graph.node(i))) readers_[index(operand)].push_back(i);
    }

    const GraphView graph;
    const Parameters& parameters;
    const quantize::Rounding& rounding;  ///< of a model of integers
    const ExportOptions options;
    GraphWriter to;
    std::vector<ValueRef> values;
    std::map<std::string, quantize::Scale> grids{};  ///< of tensors that were rounded to one
    struct Reshaped {
        std::string from;
        Integers before, shape;
    };
    std::map<std::string, Reshaped> reshaped_from{};                      ///< dense tensors before, and both shapes
    std::map<std::string, std::pair<std::string, DataType>> cast_from{};  ///< tensors before, and their types
    std::string kept{};                                                   ///< (N, T), 1 for a token and 0 for padding
    std::string mask{};  ///< (N, 1, 1, T) to add to the scores of attention

    static std::size_t index(int number) { return static_cast<std::size_t>(number); }
    int number(const Node& node) const { return static_cast<int>(&node - graph.nodes.data()); }
    const ValueRef& operand(const Node& node, int i) const { return values[index(graph.operand(node, i))]; }
    std::span<const int> readers(int value) const { return readers_[index(value)]; }
    bool is_output(int value) const {
        for (const Port& port : graph.outputs)
            if (port.node == value) return true;
        return false;
    }
    std::string_view name_of(int parameter) const { return graph.name(graph.parameters[index(parameter)]); }
    Dimensions shape_of(int parameter) const {
        const Parameter& p = graph.parameters[index(parameter)];
        return Dimensions(p.shape.begin(), p.shape.begin() + p.rank);
    }

    /// With the length that was chosen.
    Shape fixed(Shape shape) const {
        if (shape.sequence && options.length != none) shape.width = options.length;
        return shape;
    }

    /// A value of one tensor.
    ValueRef value(std::string_view path, Shape shape, Layout layout, std::string name) const {
        auto made = std::make_shared<ExportedValue>(ExportedValue{std::string(path), fixed(shape)});
        made->name(layout) = std::move(name);
        return made;
    }
    /// The result of a node.
    ValueRef value(const Node& node, Layout layout, std::string name) const {
        return value(graph.name(node), node.out, layout, std::move(name));
    }

    /// The sizes of a value in a layout, the batch first; see batch.
    Integers sizes(const Shape& shape, Layout layout) const {
        const std::int64_t c = shape.channels, h = shape.height, w = shape.width, n = batch();
        switch (layout) {
            case Layout::planes: return {n, c, h, w};
            case Layout::line: return {n, c, w};
            case Layout::rows: return {n, h, w, c};
            case Layout::tokens: return {n, h * w, c};
            case Layout::matrix: return {n == 0 ? -1 : n * h * w, c};
            case Layout::vector: return {n, c};
            case Layout::table: return {n, h, c};
            case Layout::dense: return {n, h * w * c};
        }
        return {};
    }
    /// The samples; 0, with which a Reshape keeps their number as it is, if that is open.
    std::int64_t batch() const { return options.open_batch ? 0 : options.batch; }
    ValueInfoProto::Dimension batch_dimension() const {
        if (options.open_batch) return std::string("batch");
        return std::int64_t{options.batch};
    }

    /// `from`: the layout that it has; the samples of a matrix are counted again.
    std::string reshaped(std::string_view path, const std::string& name, Integers shape, Layout from = Layout::planes) {
        if (from == Layout::matrix && shape.front() == 0) shape.front() = -1;
        return to.node(path, "Reshape", {name, to.integers(shape)});
    }
    std::string transposed(std::string_view path, const std::string& name, Integers order) {
        return to.node(path, "Transpose", {name}, {{"perm", std::move(order)}});
    }
    std::string sliced(std::string_view path, const std::string& name, std::int64_t axis, std::int64_t first,
                       std::int64_t last) {
        return to.node(path, "Slice", {name, to.integers({first}), to.integers({last}), to.integers({axis})});
    }

    /// A parameter under its own name and shape, or another shape of as many numbers.
    std::string parameter(int number, std::optional<Dimensions> shape = std::nullopt) {
        return once(std::string(name_of(number)),
                    [&] { return std::pair(shape ? *shape : shape_of(number), parameters[number]); });
    }
    /// The tensor that `make` returns, under this name: made once, although layers may share it.
    template <class Make>
    std::string once(const std::string& name, Make make) {
        return made_once(name, [&] {
            auto [shape, numbers] = make();
            return to.initializer(name, std::move(shape), std::move(numbers));
        });
    }
    /// The name that `make` returns, called once for each key.
    template <class Make>
    std::string made_once(const std::string& key, Make make) {
        std::string& given = initializers_[key];
        if (given.empty()) given = make();
        return given;
    }

    /// The layout in which features of pixels or tokens stand last.
    static Layout features_last(const Shape& shape) {
        return shape.sequence || shape.pixels() > 1 ? Layout::matrix : Layout::vector;
    }
    /// Any layout that a value has.
    static Layout layout_of(const ValueRef& x) {
        return x->made() || x->parts.empty() ? x->layout() : layout_of(x->parts.front());
    }

    /// A value's tensor in a layout.
    std::string as(const ValueRef& x, Layout layout) {
        std::string& name = x->name(layout);
        if (!name.empty()) return name;
        if (!x->made() && x->picture) {
            x->name(Layout::dense) = as(x->picture, x->picture_layout);
            return as(x, layout);
        }
        if (!x->made()) {
            Names parts;
            for (const ValueRef& part : x->parts) parts.push_back(as(part, layout));
            return name = to.node(x->path, "Concat", parts, {{"axis", axis_of(layout)}});
        }
        const Layout from = x->layout();
        return name = converted(x, from, layout);
    }

    /// The same function of a value's every part: make(path, name, layout) adds a node to a tensor.
    template <class Make>
    ValueRef each(const Node& node, const ValueRef& x, Make make) {
        return each(graph.name(node), x, make);
    }
    template <class Make>
    ValueRef each(std::string_view path, const ValueRef& x, Make make) {
        if (!x->made() && x->picture) as(x, Layout::dense);
        if (x->made()) {
            const Layout layout = x->layout();
            const ValueRef made = value(path, x->shape, layout, make(path, x->name(layout), layout));
            made->axes = x->axes, made->merged = x->merged;
            return made;
        }
        auto all = std::make_shared<ExportedValue>(ExportedValue{std::string(path), x->shape});
        for (const ValueRef& part : x->parts) all->parts.push_back(each(part->path, part, make));
        return all;
    }

  private:
    /// Planes are transposed to rows, lines to tokens, and the reverse; the rest is reshaped.
    std::string converted(const ValueRef& x, Layout from, Layout layout) {
        const std::string& name = x->name(from);
        if (layout == Layout::vector && from == Layout::planes)
            return to.node(x->path, "Flatten", {name}, {{"axis", std::int64_t{1}}});
        if (from == Layout::dense) return reshaped(x->path, name, sizes(x->shape, layout));
        if (x->shape.pixels() == 1 || has_channels_last(from) == has_channels_last(layout))
            return reshaped(x->path, name, sizes(x->shape, layout), from);
        if (layout == Layout::planes) return transposed(x->path, as(x, Layout::rows), {0, 3, 1, 2});
        if (layout == Layout::line) return transposed(x->path, as(x, Layout::tokens), {0, 2, 1});
        if (from == Layout::planes && layout == Layout::rows) return transposed(x->path, name, {0, 2, 3, 1});
        if (from == Layout::line && layout == Layout::tokens) return transposed(x->path, name, {0, 2, 1});
        const Layout between = from == Layout::planes ? Layout::rows : Layout::tokens;
        return reshaped(x->path, as(x, between), sizes(x->shape, layout));
    }

    std::vector<std::vector<int>> readers_;
    std::map<std::string, std::string> initializers_;  ///< by the state dict's names, or keys of made_once
};

}  // namespace taxon::onnx
