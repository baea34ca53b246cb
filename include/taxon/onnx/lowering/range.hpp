#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/onnx/program.hpp>
#include <taxon/onnx/whole_numbers.hpp>
#include <vector>

/// Whole numbers are floats in a network, which hold them exactly up to 2^24: how large those of a program may become.
namespace taxon::onnx::lowering {

struct Range {
    double low = 0, high = 0;

    double most() const { return std::max(std::fabs(low), std::fabs(high)); }
    Range with(const Range& other) const { return {std::min(low, other.low), std::max(high, other.high)}; }
    bool holds(const Range& other) const { return low <= other.low && other.high <= high; }
    static Range around(double most) { return {-most, most}; }
};

inline constexpr auto most_exact = static_cast<double>(largest_whole), most_given = static_cast<double>(largest_given);

/// The numbers that a type has.
inline Range range_of(DataType type) {
    switch (type) {
        case DataType::boolean: return {0, 1};
        case DataType::int8: return {-128, 127};
        case DataType::uint8: return {0, 255};
        case DataType::int16: return {-32768, 32767};
        case DataType::uint16: return {0, 65535};
        case DataType::int32: return {-0x1p31, 0x1p31 - 1};
        case DataType::uint32: return {0, 0x1p32 - 1};
        default: return Range::around(0x1p63);
    }
}
/// Those that an input has, or a float that becomes one: of the wider types up to 2^22.
inline Range given_range(DataType type) {
    const Range all = range_of(type);
    return {std::max(all.low, -most_given), std::min(all.high, most_given)};
}

class Ranges {
  public:
    explicit Ranges(const Program& program) : program_(program), ranges_(program.values.size()) {
        for (const Program::Port& input : program.inputs) ranges_[input.value] = given_range(program.value(input).type);
        std::vector<bool> exact(program.values.size());  // read by something that needs each digit
        for (const Program::Port& output : program.outputs) exact[output.value] = true;
        for (const Program::Step& step : program.steps)
            for (const std::size_t input : step.inputs)
                if (input != Program::none)
                    exact[input] = exact[input] || step.call.node->operation != "Cast" ||
                                   !is_floating(program.values[step.outputs[0]].value.type);
        rounds_ = std::move(exact);
        rounds_.flip();
    }

    /// What a step does with whole numbers.
    struct Finding {
        std::string refused{};  ///< why its numbers are not exact; empty if they are
        bool wraps = false;     ///< if they leave their type's range
    };
    Finding of(const Program::Step& step) {
        Finding finding;
        if (compares_inexact(step)) finding.refused = "whole numbers that may pass 2^24";
        for (std::size_t i = 0; i < step.outputs.size(); ++i) {
            const DataType type = program_.values[step.outputs[i]].value.type;
            if (is_floating(type)) continue;
            const auto range = type == DataType::boolean ? std::optional(Range{0, 1}) : result(step, i);
            ranges_[step.outputs[i]] = given_range(type);
            if (!range) {
                finding.refused = "whole numbers without a known bound";
                continue;
            }
            if (range->most() > most_exact) {
                if (!rounds_[step.outputs[i]]) finding.refused = "whole numbers that may pass 2^24";
                continue;
            }
            if (!range_of(type).holds(*range)) {
                if (range_of(type).most() > most_exact) finding.refused = "unsigned numbers that may pass below 0";
                finding.wraps = true;
                continue;
            }
            ranges_[step.outputs[i]] = *range;
        }
        return finding;
    }

  private:
    const Value& value(const Program::Step& step, std::size_t i) const { return program_.values[step.inputs[i]].value; }
    bool given(const Program::Step& step, std::size_t i) const {
        return i < step.inputs.size() && step.inputs[i] != Program::none;
    }

    /// True of operators whose results are small however large their operands are, where both may be that large.
    bool compares_inexact(const Program::Step& step) const {
        constexpr std::string_view names[] = {"Div",  "Mod",        "Equal", "Greater", "GreaterOrEqual",
                                              "Less", "LessOrEqual"};
        if (std::ranges::find(names, step.call.node->operation) == std::end(names)) return false;
        if (is_floating(value(step, 0).type)) return false;
        const double a = own(step, 0).most(), b = own(step, 1).most();
        return std::max(a, b) > most_exact && std::min(a, b) >= most_exact;
    }

    /// Of input i.
    Range own(const Program::Step& step, std::size_t i) const {
        const Value& operand = value(step, i);
        if (!operand.constant || operand.constant->size() == 0)
            return ranges_[step.inputs[i]].value_or(given_range(operand.type));
        std::optional<Range>& range = constants_[step.inputs[i]];
        if (!range) {
            range = Range{operand.constant->real(0), operand.constant->real(0)};
            for (std::size_t k = 1; k < operand.constant->size(); ++k) {
                const double number = operand.constant->real(k);
                range = range->with({number, number});
            }
        }
        return *range;
    }
    /// Of an input less its zero point.
    double centred(const Program::Step& step, std::size_t i, std::size_t zero) const {
        return own(step, i).most() + (given(step, zero) ? own(step, zero).most() : 0);
    }

    static Range product(const Range& a, const Range& b) {
        const std::array all{a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
        return {*std::min_element(all.begin(), all.end()), *std::max_element(all.begin(), all.end())};
    }
    static Range times(const Range& a, double count) {
        return {std::min(a.low, a.low * count), std::max(a.high, a.high * count)};
    }

    /// How many numbers of the first input there are for one of the result.
    double share(const Program::Step& step) const {
        const auto count = [](const Dimensions& shape) { return static_cast<double>(io::element_count(shape)); };
        return count(value(step, 0).shape) / std::max(1.0, count(program_.values[step.outputs[0]].value.shape));
    }

    std::optional<Range> result(const Program::Step& step, std::size_t output) const {
        const std::string_view name = step.call.node->operation;
        const auto is = [&](std::initializer_list<std::string_view> names) {
            return std::ranges::find(names, name) != names.end();
        };
        const DataType type = program_.values[step.outputs[output]].value.type;
        const auto all = [&](std::size_t first) {
            Range range = own(step, first);
            for (std::size_t i = first + 1; i < step.inputs.size(); ++i) range = range.with(own(step, i));
            return range;
        };
        if (is({"ArgMax", "ArgMin"}) || (name == "TopK" && output == 1)) {
            double longest = 1;
            for (const std::int64_t size : value(step, 0).shape) longest = std::max(longest, static_cast<double>(size));
            return Range{0, longest - 1};
        }
        if (name == "MaxPool" && output == 1)
            return Range{0, static_cast<double>(io::element_count(value(step, 0).shape)) - 1};
        if (is({"QuantizeLinear", "QLinearConv", "QLinearMatMul", "DynamicQuantizeLinear"})) return range_of(type);
        if (is({"Identity",     "Dropout",   "Reshape",        "Flatten",   "Squeeze",
                "Unsqueeze",    "Transpose", "Expand",         "Slice",     "Split",
                "Tile",         "Gather",    "GatherElements", "GatherND",  "DepthToSpace",
                "SpaceToDepth", "MaxPool",   "GlobalMaxPool",  "ReduceMax", "ReduceMin",
                "ReduceMean",   "Compress",  "Resize",         "Upsample",  "TopK"}))
            return own(step, 0);
        if (is({"Concat", "Max", "Min"})) return all(0);
        if (name == "Where") return all(1);
        if (name == "OneHot") return own(step, 2);
        if (name == "EyeLike") return Range{0, 1};
        if (is({"Trilu", "Relu"})) return own(step, 0).with({0, 0});
        if (name == "Pad") return own(step, 0).with({0, 0}).with(given(step, 2) ? own(step, 2) : Range{});
        if (name == "Sign") return Range{-1, 1};
        if (name == "Abs") return Range{0, own(step, 0).most()};
        if (name == "Neg") return Range{-own(step, 0).high, -own(step, 0).low};
        if (name == "BitwiseNot")
            return range_of(type).low < 0 ? Range{-own(step, 0).high - 1, -own(step, 0).low - 1} : range_of(type);
        if (is({"BitwiseAnd", "BitwiseOr", "BitwiseXor"})) {
            const Range both = all(0);
            double bits = 1;
            while (both.high > bits - 1 || both.low < -bits) bits *= 2;
            return Range{both.low < 0 ? -bits : 0, bits - 1};
        }
        if (name == "Clip") {
            Range range = own(step, 0);
            const bool low = given(step, 1), high = given(step, 2);
            if (low && value(step, 1).constant) range.low = std::max(range.low, own(step, 1).low);
            if (high && value(step, 2).constant) range.high = std::min(range.high, own(step, 2).high);
            range.high = std::max(range.high, range.low);
            if (low && !value(step, 1).constant) range = range.with(own(step, 1));
            if (high && !value(step, 2).constant) range = range.with(own(step, 2));
            return range;
        }
        if (is({"Cast", "CastLike"})) return is_floating(value(step, 0).type) ? given_range(type) : own(step, 0);
        if (is({"Add", "Sum"})) {
            Range sum{};
            for (std::size_t i = 0; i < step.inputs.size(); ++i)
                sum = {sum.low + own(step, i).low, sum.high + own(step, i).high};
            return sum;
        }
        if (name == "Sub") return Range{own(step, 0).low - own(step, 1).high, own(step, 0).high - own(step, 1).low};
        if (name == "Mul") return product(own(step, 0), own(step, 1));
        if (name == "PRelu") return own(step, 0).with(product(own(step, 0), own(step, 1)));
        if (name == "Div") {
            const Range a = own(step, 0), b = own(step, 1);
            return b.low >= 0 ? a.with({0, 0}) : Range::around(a.most());
        }
        if (name == "Mod") {
            const double most = std::max(0.0, own(step, 1).most() - 1);
            return own(step, 0).low >= 0 && own(step, 1).low >= 0 ? Range{0, most} : Range::around(most);
        }
        if (name == "Pow") {
            const double most = own(step, 0).most(), exponent = own(step, 1).high;
            return Range::around(most <= 1 ? 1 : std::pow(most, std::max(0.0, exponent)));
        }
        if (name == "ReduceSum") return times(own(step, 0), share(step));
        if (name == "ReduceL1") return Range{0, own(step, 0).most() * share(step)};
        if (is({"ReduceSumSquare", "ReduceL2"})) return Range{0, std::pow(own(step, 0).most(), 2) * share(step)};
        if (name == "ReduceProd") return Range::around(std::pow(std::max(1.0, own(step, 0).most()), share(step)));
        if (name == "CumSum" || name == "CumProd") {
            double longest = 1;
            for (const std::int64_t size : value(step, 0).shape) longest = std::max(longest, static_cast<double>(size));
            return name == "CumSum" ? times(own(step, 0), longest).with({0, 0})
                                    : Range::around(std::pow(std::max(1.0, own(step, 0).most()), longest));
        }
        if (is({"MatMul", "MatMulInteger", "ConvInteger"})) {
            const double results =
                std::max(1.0, static_cast<double>(io::element_count(program_.values[step.outputs[0]].value.shape)));
            const double terms = std::max(1.0, step.call.flops / 2 / results);
            return Range::around(terms * centred(step, 0, 2) * centred(step, 1, 3));
        }
        if (is({"ScatterElements", "ScatterND", "Scatter"})) {
            const std::string reduction = step.call.text("reduction", "none");
            const double updates = static_cast<double>(io::element_count(value(step, 2).shape));
            const Range a = own(step, 0), b = own(step, 2);
            if (reduction == "add") return Range::around(a.most() + b.most() * updates);
            if (reduction == "mul") return Range::around(a.most() * std::pow(std::max(1.0, b.most()), updates));
            return a.with(b);
        }
        return std::nullopt;
    }

    const Program& program_;
    std::vector<std::optional<Range>> ranges_;
    /// Of constants that were read: many steps may share a large one.
    mutable std::vector<std::optional<Range>> constants_ = std::vector<std::optional<Range>>(ranges_.size());
    std::vector<bool> rounds_{};  ///< of each value: only casts to floats read it, which round it
};

}  // namespace taxon::onnx::lowering
