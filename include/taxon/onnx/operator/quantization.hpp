#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Quantized numbers: q = saturate(round(x / scale) + zero point), rounded half to even.
namespace taxon::onnx::quantization {

using elementwise::require_type;
using Int = std::int64_t;

struct Range {
    Int lowest, highest;
};
/// Throws for types that are not quantized to.
inline Range range_of(const Call& call, DataType type) {
    switch (type) {
        case DataType::int8: return {-128, 127};
        case DataType::uint8: return {0, 255};
        case DataType::int16: return {-32768, 32767};
        case DataType::uint16: return {0, 65535};
        case DataType::int32:
            return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
        default:
            call.fail(Fault::unsupported, "numbers quantized to " + std::string(name_of(type)), "8, 16 or 32 bits");
    }
}

/// Where in scales and zero points number i of a shape has its own: one for all, one a channel, or one a block.
class Places {
  public:
    Places(const Call& call, const Dimensions& shape, const Dimensions& scale) {
        const Int block = call.integer("block_size", 0);
        if (io::element_count(scale) == 1 && scale.size() <= 1 && block == 0) return;
        axis_ = call.axis(call.integer("axis", 1), shape.size());
        Dimensions wanted = block == 0 ? Dimensions{shape[axis_]} : shape;
        call.require(block >= 0 && block < Int{1} << 40, Fault::value, "block_size " + std::to_string(block),
                     "0 to 2^40");
        if (block != 0) wanted[axis_] = (shape[axis_] + block - 1) / block;
        call.require(scale == wanted, Fault::shape, io::to_string(scale) + " of scales", io::to_string(wanted));
        after_ = product(shape, axis_ + 1, shape.size());
        size_ = shape[axis_];
        block_ = block;
        blocks_ = block == 0 ? 0 : wanted[axis_];
        one_ = false;
    }
    std::size_t operator()(std::size_t i) const {
        if (one_) return 0;
        const Int at = static_cast<Int>(i), place = at / after_ % size_;
        return static_cast<std::size_t>(
            block_ == 0 ? place : (at / after_ / size_ * blocks_ + place / block_) * after_ + at % after_);
    }

  private:
    std::size_t axis_ = 0;
    Int after_ = 1, size_ = 1, block_ = 0, blocks_ = 0;
    bool one_ = true;
};

inline Int quantized(float x, float scale, Int zero, const Range& range) {
    const double rounded = std::nearbyint(static_cast<double>(x / scale)) + static_cast<double>(zero);
    if (std::isnan(rounded)) return std::clamp(zero, range.lowest, range.highest);
    return static_cast<Int>(std::clamp(rounded, static_cast<double>(range.lowest), static_cast<double>(range.highest)));
}

inline void require_zero(const Call& call, std::size_t scale, std::size_t zero) {
    call.require(call.type(scale) == DataType::float32, Fault::unsupported,
                 "scales of type " + std::string(name_of(call.type(scale))), "float32");
    call.require(!call.given(zero) || io::element_count(call.shape(zero)) == io::element_count(call.shape(scale)),
                 Fault::shape, "zero points of another shape than scales", "equal ones");
}
inline Int zero_of(const Tensor& zeros, std::size_t i) { return zeros.size() == 0 ? 0 : zeros.numbers<Int>()[i]; }

inline void infer_quantize(Call& call) {
    require_type(call, call.type(0) == DataType::float32);
    require_zero(call, 1, 2);
    const auto type = call.given(2)
                          ? call.type(2)
                          : static_cast<DataType>(call.integer("output_dtype", static_cast<Int>(DataType::uint8)));
    call.require(type != DataType::int32, Fault::unsupported, "numbers quantized to int32", "8 or 16 bits");
    call.require(call.integer("precision", 0) == 0 || call.integer("precision", 0) == 1, Fault::unsupported,
                 "another precision", "float32");
    range_of(call, type);
    const Places places(call, call.shape(0), call.shape(1));
    call.output(type, call.shape(0));
}
inline void compute_quantize(Call& call) {
    const Places places(call, call.operands[0].shape(), call.operands[1].shape());
    const Range range = range_of(call, call.results[0].type());
    const Tensor zeros = call.given(2) ? call.operands[2] : Tensor();
    for (std::size_t i = 0; i < call.operands[0].size(); ++i)
        call.results[0].writable<Int>()[i] =
            quantized(call.operands[0].numbers<float>()[i], call.operands[1].numbers<float>()[places(i)],
                      zero_of(zeros, places(i)), range);
}

inline void infer_dequantize(Call& call) {
    range_of(call, call.type(0));
    require_zero(call, 1, 2);
    call.require(!call.given(2) || call.type(2) == call.type(0), Fault::type, "a zero point of another type",
                 std::string(name_of(call.type(0))));
    call.require(call.integer("output_dtype", 1) == 1 || call.integer("output_dtype", 1) == 0, Fault::unsupported,
                 "another output_dtype", "float32");
    const Places places(call, call.shape(0), call.shape(1));
    call.output(DataType::float32, call.shape(0));
}
inline void compute_dequantize(Call& call) {
    const Places places(call, call.operands[0].shape(), call.operands[1].shape());
    const Tensor zeros = call.given(2) ? call.operands[2] : Tensor();
    for (std::size_t i = 0; i < call.operands[0].size(); ++i)
        call.results[0].writable<float>()[i] =
            static_cast<float>(call.operands[0].numbers<Int>()[i] - zero_of(zeros, places(i))) *
            call.operands[1].numbers<float>()[places(i)];
}

/// To uint8, by the range of the numbers themselves and 0.
inline void infer_dynamic(Call& call) {
    require_type(call, call.type(0) == DataType::float32);
    call.output(DataType::uint8, call.shape(0));
    call.output(DataType::float32, {});
    call.output(DataType::uint8, {});
}
inline void compute_dynamic(Call& call) {
    float low = 0, high = 0;
    for (const float x : call.operands[0].numbers<float>()) low = std::min(low, x), high = std::max(high, x);
    const float scale = high == low ? 1.0f : (high - low) / 255;
    const Int zero = quantized(-low, scale, 0, {0, 255});
    for (std::size_t i = 0; i < call.operands[0].size(); ++i)
        call.results[0].writable<Int>()[i] = quantized(call.operands[0].numbers<float>()[i], scale, zero, {0, 255});
    call.results[1].writable<float>()[0] = scale;
    call.results[2].writable<Int>()[0] = zero;
}

}  // namespace taxon::onnx::quantization
