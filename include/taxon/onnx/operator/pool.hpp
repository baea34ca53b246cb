#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/operator/window.hpp>
#include <vector>

/// Pools over windows and over whole planes.
namespace taxon::onnx::pool {

using elementwise::require_type;
using Int = std::int64_t;

inline Window window_of(const Call& call, const Dimensions& shape) {
    return Window(call, shape, call.integers("kernel_shape"), call.integer("ceil_mode", 0) != 0);
}
inline void infer_pool(Call& call) {
    const bool most = call.node->operation == "MaxPool";
    require_type(call, is_floating(call.type(0)) || (most && call.type(0) != DataType::boolean));
    call.require(call.integer("storage_order", 0) == 0, Fault::unsupported, "storage_order 1", "0");
    call.require(call.integer("p", 2) > 0, Fault::value, "p 0", "1 or more");
    const Window window = window_of(call, call.shape(0));
    for (std::size_t i = 0; i < 3; ++i)
        call.require(window.before[i] < window.extent(i) && window.after[i] < window.extent(i), Fault::unsupported,
                     "pads as large as the window", "smaller ones");
    const Dimensions shape = window.output_shape(call.shape(0)[0], call.shape(0)[1]);
    call.work = static_cast<double>(io::element_count(shape));
    for (const Int size : window.kernel) call.work *= static_cast<double>(size);
    call.output(call.type(0), shape);
    if (call.wants(1)) {
        call.require(most, Fault::unsupported, "a second output", "one");
        call.output(DataType::int64, shape);
    }
}

/// Calls f(plane's first input, output index, place) for every place of every plane.
template <class F>
void for_each_window(const Call& call, const Window& window, F&& f) {
    const auto pixels = static_cast<std::size_t>(Window::volume(window.input)),
               places = static_cast<std::size_t>(Window::volume(window.output));
    for (std::size_t plane = 0; plane * places < call.results[0].size(); ++plane)
        window.for_each_output(
            [&](std::size_t i, const Window::Sizes& at) { f(plane * pixels, plane * places + i, at); });
}

inline void compute_max(Call& call) {
    const Window window = window_of(call, call.operands[0].shape());
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T* x = call.operands[0].numbers<T>().data();
        for_each_window(call, window, [&](std::size_t first, std::size_t i, const Window::Sizes& at) {
            Int best = -1;
            window.for_each_tap(at, [&](Int, Int pixel) {
                if (best < 0 ||
                    x[first + static_cast<std::size_t>(pixel)] > x[first + static_cast<std::size_t>(best)] ||
                    std::isnan(static_cast<double>(x[first + static_cast<std::size_t>(pixel)])))
                    best = pixel;
            });
            call.results[0].writable<T>()[i] =
                best < 0 ? std::numeric_limits<T>::lowest() : x[first + static_cast<std::size_t>(best)];
            if (call.results.size() > 1) call.results[1].writable<Int>()[i] = static_cast<Int>(first) + best;
        });
    });
}
/// Places of the padding count only with count_include_pad; those beyond it, which ceil_mode may reach, never.
inline double padded_count(const Window& window, const Window::Sizes& at) {
    Int count = 1;
    for (std::size_t i = 0; i < 3; ++i) {
        const Int first = at[i] * window.stride[i] - window.before[i], end = window.input[i] + window.after[i];
        Int inside = 0;
        for (Int k = 0; k < window.kernel[i]; ++k) inside += first + k * window.dilation[i] < end;
        count *= inside;
    }
    return static_cast<double>(count);
}
inline void compute_average(Call& call) {
    const Window window = window_of(call, call.operands[0].shape());
    const bool padding = call.integer("count_include_pad", 0) != 0;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T* x = call.operands[0].numbers<T>().data();
        for_each_window(call, window, [&](std::size_t first, std::size_t i, const Window::Sizes& at) {
            double sum = 0, count = 0;
            window.for_each_tap(at, [&](Int, Int pixel) {
                sum += static_cast<double>(x[first + static_cast<std::size_t>(pixel)]), ++count;
            });
            call.results[0].writable<T>()[i] = static_cast<T>(sum / (padding ? padded_count(window, at) : count));
        });
    });
}
/// (sum |x|^p)^(1/p)
inline void compute_lp(Call& call) {
    const Window window = window_of(call, call.operands[0].shape());
    const auto p = static_cast<double>(call.integer("p", 2));
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T* x = call.operands[0].numbers<T>().data();
        for_each_window(call, window, [&](std::size_t first, std::size_t i, const Window::Sizes& at) {
            double sum = 0;
            window.for_each_tap(at, [&](Int, Int pixel) {
                sum += std::pow(std::fabs(static_cast<double>(x[first + static_cast<std::size_t>(pixel)])), p);
            });
            call.results[0].writable<T>()[i] = static_cast<T>(std::pow(sum, 1 / p));
        });
    });
}

inline void infer_global(Call& call) {
    require_type(call, is_floating(call.type(0)));
    Dimensions shape = call.shape(0);
    call.require(shape.size() >= 2 && product(shape, 2, shape.size()) > 0, Fault::shape, io::to_string(shape),
                 "(N, C, …)");
    std::fill(shape.begin() + 2, shape.end(), 1);
    call.output(call.type(0), shape);
}
inline void compute_global(Call& call) {
    const std::string_view name = call.node->operation;
    const auto p = static_cast<double>(call.integer("p", 2));
    const std::size_t planes = call.results[0].size(), size = planes == 0 ? 0 : call.operands[0].size() / planes;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        for (std::size_t plane = 0; plane < planes; ++plane) {
            const auto numbers = call.operands[0].numbers<T>().subspan(plane * size, size);
            double sum = 0;
            if (name == "GlobalMaxPool") sum = static_cast<double>(*std::ranges::max_element(numbers));
            else
                for (const T number : numbers)
                    sum += name == "GlobalAveragePool" ? static_cast<double>(number)
                                                       : std::pow(std::fabs(static_cast<double>(number)), p);
            if (name == "GlobalAveragePool") sum /= static_cast<double>(size);
            if (name == "GlobalLpPool") sum = std::pow(sum, 1 / p);
            call.results[0].writable<T>()[plane] = static_cast<T>(sum);
        }
    });
}

inline void add_to(std::vector<Operator>& table) {
    const Operator all[] = {
        {"MaxPool", 1, 1, "auto_pad ceil_mode dilations kernel_shape pads storage_order strides", infer_pool,
         compute_max},
        {"AveragePool", 1, 1, "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides", infer_pool,
         compute_average},
        {"LpPool", 1, 1, "auto_pad ceil_mode dilations kernel_shape p pads strides", infer_pool, compute_lp},
        {"GlobalAveragePool", 1, 1, "", infer_global, compute_global},
        {"GlobalMaxPool", 1, 1, "", infer_global, compute_global},
        {"GlobalLpPool", 1, 1, "p", infer_global, compute_global},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::pool
