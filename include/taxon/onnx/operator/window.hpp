#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <taxon/onnx/call.hpp>

namespace taxon::onnx {

/// A window that slides over the last one to three dimensions of (N, C, …); always written with three, of which the
/// first may be 1.
struct Window {
    using Int = std::int64_t;
    using Sizes = std::array<Int, 3>;
    std::size_t rank = 0;  ///< of the three
    Sizes input{1, 1, 1}, kernel{1, 1, 1}, stride{1, 1, 1}, dilation{1, 1, 1}, before{}, after{}, output{1, 1, 1};

    /// A window of `kernel` as the node's attributes place it. `ceil` rounds the output's sizes up.
    Window(const Call& call, const Dimensions& shape, const Dimensions& kernel_shape, bool ceil) {
        rank = start(call, shape, kernel_shape);
        const std::string pad = call.text("auto_pad", "NOTSET");
        call.require(pad == "NOTSET" || pad == "VALID" || pad == "SAME_UPPER" || pad == "SAME_LOWER",
                     Fault::unsupported, "auto_pad '" + pad + "'", "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        for (std::size_t i = 3 - rank; i < 3; ++i) {
            const Int reach = extent(i);
            if (pad.starts_with("SAME")) {
                output[i] = (input[i] + stride[i] - 1) / stride[i];
                const Int more = std::max(Int{0}, (output[i] - 1) * stride[i] + reach - input[i]);
                before[i] = pad == "SAME_UPPER" ? more / 2 : more - more / 2;
                after[i] = more - before[i];
                continue;
            }
            if (pad == "VALID") before[i] = after[i] = 0;
            const Int room = input[i] + before[i] + after[i] - reach;
            call.require(room >= 0, Fault::shape,
                         "a window of " + std::to_string(reach) + " over " + std::to_string(input[i]) + " padded to " +
                             std::to_string(room + reach),
                         "an input as large as the window");
            output[i] = (ceil ? room + stride[i] - 1 : room) / stride[i] + 1;
            // the last window has to start inside the input or the padding before it
            if (ceil && (output[i] - 1) * stride[i] >= input[i] + before[i]) --output[i];
        }
    }

    /// What the kernel spans.
    Int extent(std::size_t i) const { return (kernel[i] - 1) * dilation[i] + 1; }

    /// The whole output: (N, channels, …).
    Dimensions output_shape(Int samples, Int channels) const {
        Dimensions shape{samples, channels};
        shape.insert(shape.end(), output.begin() + static_cast<std::ptrdiff_t>(3 - rank), output.end());
        return shape;
    }

    static Int volume(const Sizes& sizes) { return sizes[0] * sizes[1] * sizes[2]; }

    /// Calls f(kernel place, input place) for each place of the window of output place `at` that lies inside the input.
    template <class F>
    void for_each_tap(const Sizes& at, F&& f) const {
        Sizes first;
        for (std::size_t i = 0; i < 3; ++i) first[i] = at[i] * stride[i] - before[i];
        for (Int d = 0, tap = 0; d < kernel[0]; ++d)
            for (Int h = 0; h < kernel[1]; ++h)
                for (Int w = 0; w < kernel[2]; ++w, ++tap) {
                    const Int z = first[0] + d * dilation[0], y = first[1] + h * dilation[1],
                              x = first[2] + w * dilation[2];
                    if (z >= 0 && z < input[0] && y >= 0 && y < input[1] && x >= 0 && x < input[2])
                        f(tap, (z * input[1] + y) * input[2] + x);
                }
    }
    /// Calls f(output index, place) for each place of the output.
    template <class F>
    void for_each_output(F&& f) const {
        Int index = 0;
        for (Int z = 0; z < output[0]; ++z)
            for (Int y = 0; y < output[1]; ++y)
                for (Int x = 0; x < output[2]; ++x) f(static_cast<std::size_t>(index++), Sizes{z, y, x});
    }

  protected:
    Window() = default;

    /// Reads what the attributes say; returns the rank.
    std::size_t start(const Call& call, const Dimensions& shape, const Dimensions& kernel_shape) {
        const std::size_t count = shape.size() < 2 ? 0 : shape.size() - 2;
        call.require(count >= 1 && count <= 3 && kernel_shape.size() == count, Fault::unsupported,
                     "a window of " + io::to_string(kernel_shape) + " over " + io::to_string(shape),
                     "one to three dimensions behind (N, C)");
        const auto read = [&](const char* name, Sizes& to, std::size_t lists) {
            const Dimensions numbers =
                call.integers(name, Dimensions(lists * count, name == std::string_view("pads") ? 0 : 1));
            call.require(numbers.size() == lists * count, Fault::mismatch,
                         std::string(name) + " " + io::to_string(numbers), "a number for each dimension");
            for (const Int one : numbers)
                call.require(one >= (lists == 2 ? 0 : 1) && one < Int{1} << 31, Fault::value,
                             std::string(name) + " " + io::to_string(numbers), "sizes");
            std::copy_n(numbers.begin(), count, to.end() - static_cast<std::ptrdiff_t>(count));
            return numbers;
        };
        read("strides", stride, 1);
        read("dilations", dilation, 1);
        const Dimensions pads = read("pads", before, 2);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t to = 3 - count + i;
            after[to] = pads[count + i];
            input[to] = shape[2 + i];
            call.require(input[to] < Int{1} << 31, Fault::unsupported, io::to_string(shape), "sides below 2^31");
            kernel[to] = kernel_shape[i];
            call.require(kernel[to] >= 1 && kernel[to] < Int{1} << 31, Fault::value,
                         "kernel " + io::to_string(kernel_shape), "sizes from 1");
        }
        return count;
    }
};

}  // namespace taxon::onnx
