#pragma once
#include <algorithm>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/operator/multiply.hpp>
#include <taxon/onnx/operator/window.hpp>
#include <vector>

/// Convolutions of one to three dimensions.
namespace taxon::onnx::convolution {

using elementwise::require_type;
using Int = std::int64_t;

/// Sizes of x (N, C, …) * w (M, C / groups, …).
struct Convolution {
    Window window;
    Int samples, channels, filters, groups;

    Convolution(const Call& call, const Dimensions& x, const Dimensions& w)
        : window(call, x, kernel_of(call, w), false), samples(x[0]), channels(x[1]), filters(w[0]),
          groups(call.integer("group", 1)) {
        call.require(groups > 0 && channels % groups == 0 && filters % groups == 0 && w[1] == channels / groups &&
                         x.size() == w.size(),
                     Fault::shape, io::to_string(w) + " of weights, " + std::to_string(groups) + " groups",
                     "weights for " + io::to_string(x));
    }

    static Dimensions kernel_of(const Call& call, const Dimensions& w) {
        call.require(w.size() >= 3, Fault::shape, io::to_string(w) + " of weights", "three dimensions or more");
        const Dimensions kernel(w.begin() + 2, w.end());
        call.require(call.integers("kernel_shape", kernel) == kernel, Fault::shape,
                     "kernel_shape " + io::to_string(call.integers("kernel_shape")),
                     "the weights' " + io::to_string(kernel));
        return kernel;
    }
    Dimensions output_shape() const { return window.output_shape(samples, filters); }
    double flops() const {
        return 2.0 * static_cast<double>(io::element_count(output_shape())) *
               static_cast<double>(channels / groups * Window::volume(window.kernel));
    }
    /// Numbers that convolve gathers at a time, at the least.
    double columns() const {
        return 16.0 * static_cast<double>(channels / groups) * static_cast<double>(Window::volume(window.kernel));
    }
};

/// y += x * w: for 1024 output places at a time the columns (a group's inputs times taps, places), then one product.
template <class T>
void convolve(const Convolution& sizes, const T* x, const T* w, T* y) {
    const Window& window = sizes.window;
    const Int channels = sizes.channels / sizes.groups, filters = sizes.filters / sizes.groups,
              taps = Window::volume(window.kernel), places = Window::volume(window.output),
              pixels = Window::volume(window.input);
    if (channels == 0 || filters == 0) return;  // whatever the other sizes are
    // at most some million numbers, which stay in a cache
    const Int most = std::clamp((Int{1} << 20) / std::max(Int{1}, channels * taps), Int{16}, Int{1024});
    std::vector<T> columns(static_cast<std::size_t>(channels * taps * std::min(most, places)));
    for (Int group = 0; group < sizes.samples * sizes.groups; ++group)
        for (Int first = 0; first < places; first += most) {
            const Int count = std::min(most, places - first);
            const T* from = x + group * channels * pixels;
            std::fill(columns.begin(), columns.end(), T{0});
            for (Int i = 0; i < count; ++i) {
                const Int at = first + i;
                const Window::Sizes place{at / (window.output[1] * window.output[2]),
                                          at / window.output[2] % window.output[1], at % window.output[2]};
                window.for_each_tap(place, [&](Int tap, Int pixel) {
                    for (Int c = 0; c < channels; ++c)
                        columns[static_cast<std::size_t>((c * taps + tap) * count + i)] = from[c * pixels + pixel];
                });
            }
            const auto size = [](Int number) { return static_cast<std::size_t>(number); };
            multiply(size(filters), size(count), size(channels * taps),
                     w + group % sizes.groups * filters * channels * taps, size(channels * taps), columns.data(),
                     size(count), y + group * filters * places + first, size(places));
        }
}

/// Adds to every channel of (N, C, …) its bias, before the sums are made.
template <class T>
void start_with_bias(Tensor& y, const Tensor& bias) {
    const auto after = static_cast<std::size_t>(product(y.shape(), 2, y.rank()));
    for (std::size_t i = 0; i < y.size(); ++i) y.writable<T>()[i] = bias.numbers<T>()[i / after % bias.size()];
}
inline void require_bias(const Call& call, Int filters) {
    call.require(!call.given(2) || (call.shape(2) == Dimensions{filters} && call.type(2) == call.type(0)), Fault::shape,
                 "another bias", "one number for each of " + std::to_string(filters) + " channels");
}

inline void infer_conv(Call& call) {
    require_type(call, is_floating(call.type(0)));
    elementwise::require_same_types(call);
    const Convolution sizes(call, call.shape(0), call.shape(1));
    require_bias(call, sizes.filters);
    call.flops = sizes.flops();
    call.work = sizes.columns();
    call.output(call.type(0), sizes.output_shape());
}
inline void compute_conv(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        if (call.given(2)) start_with_bias<T>(call.results[0], call.operands[2]);
        convolve(Convolution(call, call.operands[0].shape(), call.operands[1].shape()),
                 call.operands[0].numbers<T>().data(), call.operands[1].numbers<T>().data(),
                 call.results[0].writable<T>().data());
    });
}

/// The places of a transposed convolution: w is (C, M / groups, …), and its output is the input of the convolution that
/// it transposes.
struct TransposedWindow : Window {
    Int samples, channels, filters, groups;

    TransposedWindow(const Call& call, const Dimensions& x, const Dimensions& w)
        : samples(0), channels(0), filters(0), groups(call.integer("group", 1)) {
        rank = start(call, x, Convolution::kernel_of(call, w));
        samples = x[0], channels = x[1];
        const bool fits = !__builtin_mul_overflow(w[1], groups, &filters);
        call.require(fits && groups > 0 && w[0] == channels && channels % groups == 0 && x.size() == w.size(),
                     Fault::shape, io::to_string(w) + " of weights, " + std::to_string(groups) + " groups",
                     "weights for " + io::to_string(x));
        const std::string pad = call.text("auto_pad", "NOTSET");
        call.require(pad == "NOTSET" || pad == "VALID" || pad == "SAME_UPPER" || pad == "SAME_LOWER",
                     Fault::unsupported, "auto_pad '" + pad + "'", "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        const Dimensions more = call.integers("output_padding", Dimensions(rank, 0)),
                         wanted = call.integers("output_shape");
        call.require(more.size() == rank && (wanted.empty() || wanted.size() == rank), Fault::mismatch,
                     "another number of sizes", std::to_string(rank));
        for (const Int size : wanted)
            call.require(size > 0, Fault::value, "output_shape " + io::to_string(wanted), "sizes from 1");
        for (std::size_t i = 3 - rank, n = 0; i < 3; ++i, ++n) {
            call.require(more[n] >= 0 && more[n] < Int{1} << 31, Fault::value, "output_padding " + io::to_string(more),
                         "sizes");
            const Int full = (input[i] - 1) * stride[i] + extent(i) + more[n];
            if (!wanted.empty() || pad.starts_with("SAME")) {
                output[i] = wanted.empty() ? input[i] * stride[i] : wanted[n];
                const Int cut = std::max(Int{0}, full - output[i]);
                before[i] = pad == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
                // which side gets more is told differently by ONNX and by those who compute it
                call.require(pad.starts_with("SAME") || cut % 2 == 0, Fault::unsupported,
                             "output_shape " + io::to_string(wanted) + " that cuts an odd number of places",
                             "pads instead");
            } else {
                if (pad == "VALID") before[i] = after[i] = 0;
                output[i] = full - before[i] - after[i];
            }
            call.require(output[i] > 0 && output[i] < Int{1} << 40, Fault::shape,
                         "an output of " + std::to_string(output[i]), "1 or more");
        }
    }
};
inline void infer_conv_transpose(Call& call) {
    require_type(call, is_floating(call.type(0)));
    elementwise::require_same_types(call);
    const TransposedWindow window(call, call.shape(0), call.shape(1));
    require_bias(call, window.filters);
    call.flops = 2.0 * static_cast<double>(io::element_count(call.shape(0))) *
                 static_cast<double>(io::element_count(call.shape(1)) /
                                     static_cast<std::uint64_t>(std::max(Int{1}, window.channels)));
    call.output(call.type(0), window.output_shape(window.samples, window.filters));
}
inline void compute_conv_transpose(Call& call) {
    const TransposedWindow window(call, call.operands[0].shape(), call.operands[1].shape());
    Window adjoint = window;  // from the output's places to the input's
    std::swap(adjoint.input, adjoint.output);
    const Int channels = window.channels / window.groups, filters = window.filters / window.groups,
              taps = Window::volume(window.kernel), places = Window::volume(window.output),
              pixels = Window::volume(window.input);
    const bool nothing = channels == 0 || filters == 0;  // whatever the other sizes are
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        if (call.given(2)) start_with_bias<T>(call.results[0], call.operands[2]);
        const T *x = call.operands[0].numbers<T>().data(), *w = call.operands[1].numbers<T>().data();
        T* y = call.results[0].writable<T>().data();
        for (Int group = 0; !nothing && group < window.samples * window.groups; ++group)
            adjoint.for_each_output([&](std::size_t pixel, const Window::Sizes& at) {
                adjoint.for_each_tap(at, [&](Int tap, Int place) {
                    for (Int m = 0; m < filters; ++m) {
                        T sum = 0;
                        for (Int c = 0; c < channels; ++c)
                            sum += x[(group * channels + c) * pixels + static_cast<Int>(pixel)] *
                                   w[((group % window.groups * channels + c) * filters + m) * taps + tap];
                        y[(group * filters + m) * places + place] += sum;
                    }
                });
            });
    });
}

inline void add_to(std::vector<Operator>& table) {
    constexpr std::string_view attributes = "auto_pad dilations group kernel_shape pads strides";
    table.push_back({"Conv", 2, 3, attributes, infer_conv, compute_conv});
    table.push_back({"ConvTranspose", 2, 3,
                     "auto_pad dilations group kernel_shape pads strides output_padding output_shape",
                     infer_conv_transpose, compute_conv_transpose});
}

}  // namespace taxon::onnx::convolution
