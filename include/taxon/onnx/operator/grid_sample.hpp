#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/requirement.hpp>
#include <taxon/onnx/operator/resize.hpp>
#include <vector>

/// GridSample: pictures sampled anywhere.
namespace taxon::onnx::resize {

/// (N, C, H, W) sampled at (N, H', W', 2) places x, y in [-1, 1].
inline std::string sampling_of(const Call& call) {
    const std::string mode = call.text("mode", "linear");
    return mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode;
}
inline void infer_grid_sample(Call& call) {
    require_type(call, is_floating(call.type(0)));
    elementwise::require_same_types(call);
    const std::string mode = sampling_of(call), padding = call.text("padding_mode", "zeros");
    call.require(mode == "linear" || mode == "nearest" || mode == "cubic", Fault::unsupported, "mode '" + mode + "'",
                 "linear, nearest or cubic");
    call.require(padding == "zeros" || padding == "border" || padding == "reflection", Fault::unsupported,
                 "padding_mode '" + padding + "'", "zeros, border or reflection");
    const Dimensions &x = call.shape(0), &grid = call.shape(1);
    call.require(x.size() == 4 && grid.size() == 4, Fault::unsupported,
                 io::to_string(x) + " and a grid of " + io::to_string(grid), "pictures");
    call.require(grid[0] == x[0] && grid[3] == 2 && x[2] > 0 && x[3] > 0, Fault::shape,
                 io::to_string(x) + " and a grid of " + io::to_string(grid), "two numbers for each place");
    call.output(call.type(0), {x[0], x[1], grid[1], grid[2]});
}
/// A place mirrored at both ends of [low, high] until it lies inside.
inline double reflected(double x, double low, double high) {
    const double span = high - low;
    if (span <= 0) return low;
    double rest = std::fmod(std::fabs(x - low), 2 * span);
    if (rest > span) rest = 2 * span - rest;
    return low + rest;
}
inline void compute_grid_sample(Call& call) {
    const Tensor &x = call.operands[0], &grid = call.operands[1];
    const std::string mode = sampling_of(call), padding = call.text("padding_mode", "zeros");
    const bool corners = call.integer("align_corners", 0) != 0;
    const Int height = x.shape()[2], width = x.shape()[3], places = grid.shape()[1] * grid.shape()[2],
              channels = x.shape()[1];
    const auto pixel = [&](double place, Int size) {
        const auto n = static_cast<double>(size);
        return corners ? (place + 1) / 2 * (n - 1) : ((place + 1) * n - 1) / 2;
    };
    // the pixel that a place outside stands for, or -1
    const auto kept = [&](double place, Int size) -> Int {
        const auto last = static_cast<double>(size - 1);
        if (padding == "border") place = std::fmin(std::fmax(place, 0), last);
        else if (padding == "reflection")
            place = std::fmin(
                std::fmax(std::nearbyint(corners ? reflected(place, 0, last) : reflected(place, -0.5, last + 0.5)), 0),
                last);
        return place < 0 || place > last || std::isnan(place) ? Int{-1} : static_cast<Int>(place);
    };
    // places and weights along one side
    const auto taps = [&](double at, Int size) {
        std::vector<Tap> all;
        if (mode == "nearest") return all.push_back({kept(std::nearbyint(at), size), 1}), all;
        const double first = std::floor(at), distance = at - first;
        if (mode == "linear") return all = {{kept(first, size), 1 - distance}, {kept(first + 1, size), distance}};
        for (const double step : {-1, 0, 1, 2})  // which a place beyond 2^53 does not notice
            all.push_back({kept(first + step, size), cubic_weight(std::fabs(step - distance), -0.75)});
        return all;
    };
    visit_type(x.type(), [&]<class T>(T) {
        for (Int i = 0; i < x.shape()[0] * places; ++i) {
            double column = pixel(grid.real(static_cast<std::size_t>(2 * i)), width),
                   row = pixel(grid.real(static_cast<std::size_t>(2 * i + 1)), height);
            if (mode != "cubic" && padding == "border") {
                column = std::fmin(std::fmax(column, 0), static_cast<double>(width - 1));
                row = std::fmin(std::fmax(row, 0), static_cast<double>(height - 1));
            } else if (mode != "cubic" && padding == "reflection") {
                const auto mirror = [&](double place, Int size) {
                    return std::clamp(corners ? reflected(place, 0, static_cast<double>(size - 1))
                                              : reflected(place, -0.5, static_cast<double>(size) - 0.5),
                                      0.0, static_cast<double>(size - 1));
                };
                column = mirror(column, width), row = mirror(row, height);
            }
            const auto rows = taps(row, height), columns = taps(column, width);
            for (Int c = 0; c < channels; ++c) {
                const Int plane = (i / places * channels + c) * height * width;
                double sum = 0;
                for (const Tap& down : rows)
                    for (const Tap& right : columns)
                        if (down.place >= 0 && right.place >= 0)
                            sum +=
                                down.weight * right.weight *
                                static_cast<double>(
                                    x.numbers<T>()[static_cast<std::size_t>(plane + down.place * width + right.place)]);
                call.results[0]
                    .writable<T>()[static_cast<std::size_t>((i / places * channels + c) * places + i % places)] =
                    static_cast<T>(sum);
            }
        }
    });
}

inline void add_grid_sample_to(std::vector<Operator>& table) {
    table.push_back({"GridSample", 2, 2, "align_corners mode padding_mode", infer_grid_sample, compute_grid_sample});
}

}  // namespace taxon::onnx::resize
