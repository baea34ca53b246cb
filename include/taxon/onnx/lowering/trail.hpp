#pragma once
#include <cmath>
#include <optional>
#include <string_view>
#include <taxon/onnx/lowering/lowering.hpp>
#include <vector>

namespace taxon::onnx::lowering {

/// A walk back through the operators that made a value.
class Trail {
  public:
    Trail(const Lowering& to, std::size_t value) : to_(&to), value_(value) {}

    std::size_t value() const { return value_; }
    const Program::Step* step() const { return to_->producer(value_); }
    bool is(std::string_view operation) const { return step() != nullptr && step()->call.node->operation == operation; }
    Trail input(std::size_t i) const { return {*to_, step()->inputs[i]}; }
    /// True of a constant that is this number everywhere, to a float's precision.
    bool is_number(double number) const {
        const auto own = to_->scalar(value_);
        return own && std::fabs(*own - number) <= 2e-6 * std::fabs(number);
    }
    std::optional<double> number() const { return to_->scalar(value_); }
    bool has_shape_of(const Trail& other) const { return to_->value(value_).shape == to_->value(other.value_).shape; }
    bool operator==(const Trail& other) const { return value_ == other.value_; }

    /// Of a commutative operator with two operands, the other one, if one of them is the given number.
    std::optional<Trail> beside(std::string_view operation, double number) const {
        if (!is(operation)) return std::nullopt;
        for (const std::size_t i : {0u, 1u})
            if (input(i).is_number(number)) return input(1 - i);
        return std::nullopt;
    }
    /// Of a commutative operator with two operands, the other one, if one of them is the given value.
    std::optional<Trail> beside(std::string_view operation, const Trail& value) const {
        if (!is(operation)) return std::nullopt;
        for (const std::size_t i : {0u, 1u})
            if (input(i) == value) return input(1 - i);
        return std::nullopt;
    }
    /// x of x · factor or x / (1/factor).
    std::optional<Trail> scaled(double factor) const {
        if (const auto x = beside("Mul", factor)) return x;
        if (is("Div") && input(1).is_number(1 / factor)) return input(0);
        return std::nullopt;
    }

  private:
    const Lowering* to_;
    std::size_t value_;
};

/// The factors of a product of several Muls, without the constants among them, whose product is `number`.
struct Factors {
    std::vector<Trail> trails{};
    double number = 1;

    void add(const Trail& trail, int depth = 3) {
        if (const auto constant = trail.number()) number *= *constant;
        else if (depth > 0 && trail.is("Mul")) add(trail.input(0), depth - 1), add(trail.input(1), depth - 1);
        else trails.push_back(trail);
    }
};

}  // namespace taxon::onnx::lowering
