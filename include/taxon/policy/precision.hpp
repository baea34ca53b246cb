#pragma once
#include <concepts>
#include <string_view>
#include <taxon/number/element.hpp>
#include <taxon/policy/layer_names.hpp>

namespace taxon {

/// Element types of a network's tensors. Accumulators, vector activations and the network's output are always float32,
/// or int32 in integer sums.
struct DataTypes {
    /// values that one matrix product or convolution passes to the next; all others are float32
    Element values = Element::float32;
    Element matrices = Element::float32;  ///< weights of those products, and of linear layers
    /// weights of convolutions that do not read `values`, such as those kept in float
    Element others = Element::float32;
    LayerNames float_layers{};  ///< layers that do not read `values` although they could
    bool seven_bits = false;    ///< int8 weights are −63 … 63
    constexpr bool operator==(const DataTypes&) const = default;
    /// True if values are integers, whose scales need calibration.
    constexpr bool quantized() const { return values == Element::uint8 || values == Element::int16; }
};

/// Policy: the number types of weights and values.
template <class P>
concept Precision = requires {
    { P::data_types.values } -> std::convertible_to<Element>;
    P::name;
};

namespace precision {

/// Weights and values in float32. The default.
struct Float32 {
    static constexpr std::string_view name = "force_float32";
    static constexpr DataTypes data_types{};
};

/// Weights in half precision, widened to float32 for arithmetic. Values stay float32: processors do not multiply
/// halves, and would have to widen each one for every product it takes part in.
struct Float16 {
    static constexpr std::string_view name = "force_float16";
    static constexpr DataTypes data_types{Element::float32, Element::float16, Element::float16};
};

/// Matrix products of bfloat16 with float32 accumulators, all direct: Winograd's transformed weights would have to stay
/// float32 (rounded to 8 bits their error is 5 %), which makes a network larger than in float32. Where no instruction
/// multiplies bfloat16, float32 is faster.
struct BFloat16 {
    static constexpr std::string_view name = "force_bfloat16";
    static constexpr DataTypes data_types{Element::bfloat16, Element::bfloat16, Element::float32};
};

/// Calibrated 8-bit integers: values 0 to 255 with a zero point, weights -127 to 127 with a scale per output channel.
/// Depthwise convolutions, gates and residuals compute in float32. Weights of convolutions that do not multiply
/// integers, which are few unless layers are kept in float (precision::MixedPrecision), are float16 or float32. A NaN
/// is stored as the smallest integer, so it does not show in the output.
struct QInt8MixedFloat16 {
    static constexpr std::string_view name = "qint8_mixed_float16";
    static constexpr DataTypes data_types{Element::uint8, Element::int8, Element::float16};
};
struct QInt8MixedFloat32 {
    static constexpr std::string_view name = "qint8_mixed_float32";
    static constexpr DataTypes data_types{Element::uint8, Element::int8, Element::float32};
};

/// QInt8MixedFloat32 with weights of -63 to 63, whose products processors without VNNI add in pairs more often: at most
/// half as exact, faster there, and no smaller. Elsewhere nothing is gained.
struct QInt7MixedFloat32 {
    static constexpr std::string_view name = "qint7_mixed_float32";
    static constexpr DataTypes data_types{Element::uint8, Element::int8, Element::float32, {}, true};
};

/// Calibrated 16-bit integers, as wide as 32-bit accumulators allow: values -4095 to 4095; weights up to 32767, and
/// less where an output sums many of similar size (4608 equal ones: 113), because their magnitudes may sum to 524,416.
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
