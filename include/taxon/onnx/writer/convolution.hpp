#pragma once
#include <taxon/onnx/writer/layer_context.hpp>

namespace taxon::onnx::writer {

/// Linear, LinearSideBySide, Conv1d, Conv2d, ConvTranspose1d and ConvTranspose2d.
class ConvolutionSpelling {
  public:
    explicit ConvolutionSpelling(const LayerContext& context) : context_(context) {}

    Spelling spelled() const {
        const auto& weights = context_.layer.weights;
        if (context_.operands() != 1 || weights.empty() || context_.in().table) return {};
        if (context_.node().parts > 1) return side_by_side();
        if (weights.size() > 2) return {};
        const std::size_t rank = weights[0].shape.size();
        return rank == 2 ? linear() : (rank == 3 || rank == 4) && context_.of_picture() ? windowed(rank == 3) : nothing;
    }

  private:
    static constexpr std::nullopt_t nothing = std::nullopt;

    bool has_bias() const { return context_.layer.weights.size() == 2; }
    bool has(std::vector<int> weight, int outputs) const {
        std::vector<LayerContext::Wanted> wanted{{"weight", std::move(weight)}};
        if (has_bias()) wanted.push_back({"bias", {outputs}});
        return context_.has(wanted);
    }

    Spelling linear() const {
        Shape out = context_.in();
        const int in = out.channels;
        out.channels = context_.layer.out.channels;
        if (!context_.makes({.op = Op::convolution}, out) || !has({out.channels, in}, out.channels)) return {};
        return context_.applied(of_template(
            "Linear",
            {{number(in, "In"), false}, {number(out.channels, "Out"), false}, {text_of(has_bias()), has_bias()}}));
    }

    /// Several linear layers as one.
    Spelling side_by_side() const {
        const auto& weights = context_.layer.weights;
        const int parts = context_.node().parts;
        Shape out = context_.in();
        const int in = out.channels, each = context_.layer.out.channels / parts;
        out.channels = each * parts;
        std::vector<std::pair<Expression, bool>> arguments{{number(in, "In"), false}, {number(each, "Out"), false}};
        for (std::size_t i = 0; i + 1 < weights.size(); i += 2) {
            const std::string& weight = weights[i].suffix;
            if (!weight.ends_with(".weight") || weight.size() > 56) return {};
            const std::string name = weight.substr(0, weight.size() - 7);
            if (weights[i].shape != std::vector{each, in} || weights[i + 1].suffix != name + ".bias" ||
                weights[i + 1].shape != std::vector{each} || weights[i].role != Role::trained ||
                weights[i + 1].role != Role::trained)
                return {};
            arguments.push_back({literal_of(name), false});
        }
        if (weights.size() != 2 * static_cast<std::size_t>(parts) ||
            !context_.makes({.op = Op::convolution, .parts = parts}, out))
            return {};
        return context_.applied(of_template("LinearSideBySide", std::move(arguments)));
    }

    /// With `is_flat` on a picture of height 1, with a weight of three axes.
    Spelling windowed(bool is_flat) const {
        const Node& node = context_.node();
        const auto& [y, x] = node.window;
        const Shape in = context_.in(), out = context_.layer.out;
        const bool turned = node.transposed;
        std::vector<int> weight = turned ? std::vector<int>{in.channels, out.channels / node.groups}
                                         : std::vector<int>{out.channels, in.channels / node.groups};
        if (!is_flat) weight.push_back(y.size);
        weight.push_back(x.size);
        const bool divides = node.groups > 0 && in.channels % node.groups == 0 && out.channels % node.groups == 0;
        if (!divides || !has(weight, out.channels) || (is_flat && (in.height != 1 || y != WindowAxis{}))) return {};
        Extent more = 0;
        if (turned) {
            more = {out.height - (in.height - 1) * y.stride - y.least(),
                    out.width - (in.width - 1) * x.stride - x.least()};
            if (more.height < 0 || more.width < 0) return {};
        } else if (in.height < y.least() || in.width < x.least() ||
                   out != Shape{out.channels, y.outputs(in.height), x.outputs(in.width)})
            return {};
        if (!context_.makes({.op = Op::convolution, .window = node.window, .groups = node.groups, .transposed = turned},
                            out))
            return {};

        const auto pair = [&](Extent of, const char* role) {
            return is_flat ? number(of.width, role) : extent(of, role);
        };
        const Extent kernel{y.size, x.size}, stride{y.stride, x.stride}, dilation{y.dilation, x.dilation};
        const bool pads_none = y.before + y.after + x.before + x.after == 0;
        const Expression around = is_flat && x.before != x.after ? Expression("Padding{0, ").number(x.before, "Padding")
                                                                       << ", 0, " << number(x.after, "Padding") << "}"
                                  : is_flat && x.before > 0
                                      ? Expression("Padding{0, ").number(x.before, "Padding") << "}"
                                      : padding(node.window);
        std::vector<std::pair<Expression, bool>> arguments{
            {number(in.channels, "In"), false},
            {number(out.channels, "Out"), false},
            {pair(kernel, "Kernel"), false},
            {pair(stride, "Stride"), is_one(stride)},
            {number(node.groups, "Groups"), node.groups == 1},
            {text_of(has_bias()), !has_bias()},
            {around, turned ? pads_none : is_centred(y) && is_centred(x)}};
        if (!turned && is_centred(y) && is_centred(x)) arguments.back().first = "padding::centred";
        if (turned) arguments.push_back({pair(more, "More"), more == Extent(0)});
        arguments.push_back({pair(dilation, "Dilation"), is_one(dilation)});
        const char* const kinds[] = {"Conv2d", "Conv1d", "ConvTranspose2d", "ConvTranspose1d"};
        return context_.applied(of_template(kinds[2 * turned + is_flat], std::move(arguments)));
    }

    static bool is_one(Extent of) { return of == Extent(1); }
    static bool is_centred(const WindowAxis& axis) {
        return axis.before == (axis.reach() - 1) / 2 && axis.after == axis.before;
    }

    const LayerContext& context_;
};

}  // namespace taxon::onnx::writer
