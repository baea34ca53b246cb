#pragma once
#include <concepts>
#include <string_view>
#include <taxon/number/element.hpp>
#include <taxon/policy/layer_names.hpp>

namespace taxon {

/// How a network's numbers are stored. Sums, activations of a vector and the network's output are always float32 or, in
/// sums of integers, int32.
struct DataTypes {
    /// what one matrix product or convolution hands to the next; float32 between all others
    Element values = Element::float32;
    Element matrices = Element::float32;  ///< weights of those, and of linear layers
    /// weights of the convolutions that do not read `values`, such as those that are kept
    Element others = Element::float32;
    LayerNames float_layers{};  ///< layers that do not read `values`, though they could
    constexpr bool operator==(const DataTypes&) const = default;
    /// Whether values are integers, whose steps have to be found by calibration.
    constexpr bool quantized() const { return values == Element::uint8 || values == Element::int16; }
};

/// A policy that says how numbers are stored.
template <class P>
concept Precision = requires {
    { P::data_types.values } -> std::convertible_to<Element>;
    P::name;
};

namespace precision {

/// Weights and values as 32-bit floats. The default.
struct Float32 {
    static constexpr std::string_view name = "force_float32";
    static constexpr DataTypes data_types{};
};

/// Weights in half precision, computed with in float32. Values stay float32: processors multiply no halves, and would
/// have to widen each of them for every product that it takes part in.
struct Float16 {
    static constexpr std::string_view name = "force_float16";
    static constexpr DataTypes data_types{Element::float32, Element::float16, Element::float16};
};

/// Matrix products of bfloat16 with sums in float32, all direct: Winograd's transformed weights would have to stay
/// float32 (rounded to 8 bits their error is 5 %), which makes a network larger than in float32. Where no instruction
/// multiplies bfloat16, float32 is quicker.
struct BFloat16 {
    static constexpr std::string_view name = "force_bfloat16";
    static constexpr DataTypes data_types{Element::bfloat16, Element::bfloat16, Element::float32};
};

/// Calibrated 8-bit integers: values of 0 to 255 with a zero point, weights of -127 to 127 with a step for each output
/// channel. Depthwise convolutions, gates and residuals are computed in float32. Weights of convolutions that do not
/// multiply integers, which are few unless layers are kept (precision::MixedPrecision), are halves or floats. A NaN is
/// stored as the least integer, so it does not show in the output.
struct QInt8MixedFloat16 {
    static constexpr std::string_view name = "qint8_mixed_float16";
    static constexpr DataTypes data_types{Element::uint8, Element::int8, Element::float16};
};
struct QInt8MixedFloat32 {
    static constexpr std::string_view name = "qint8_mixed_float32";
    static constexpr DataTypes data_types{Element::uint8, Element::int8, Element::float32};
};

/// Calibrated 16-bit integers, as large as sums of 32 bits allow: values of -4095 to 4095; weights of up to 32767, and
/// less where an output adds up many that are alike in size (4608 equal ones: 113), for their magnitudes may sum to
/// 524,416.
struct QInt16MixedFloat16 {
    static constexpr std::string_view name = "qint16_mixed_float16";
    static constexpr DataTypes data_types{Element::int16, Element::int16, Element::float16};
};
struct QInt16MixedFloat32 {
    static constexpr std::string_view name = "qint16_mixed_float32";
    static constexpr DataTypes data_types{Element::int16, Element::int16, Element::float32};
};

}  // namespace precision
}  // namespace taxon
