#pragma once
#include <algorithm>
#include <taxon/zoo/yolo.hpp>

/// YOLOv5, releases 6 and 7, with the parameter names of ultralytics/yolov5 (models/yolov5n.yaml and so on): from (3,
/// Size, Size), levels 0 to 1, to the table that taxon::Boxes describes, strides 8, 16 and 32 in turn. A checkpoint's
/// anchors override COCO's, because training fits them.
namespace taxon::zoo {

namespace yolov5 {

/// Depth and width in percent: the number of bottlenecks of a block, rounded, and the number of channels, rounded up to
/// a multiple of 8.
template <int Depth, int Width, int Classes, int Size>
struct Network {
    static_assert(Size % 32 == 0, "taxon::zoo::yolov5: the picture's size must be a multiple of 32");
    static constexpr Shape input{3, Size, Size};

    static constexpr int wide(int channels) { return round_up((channels * Width + 99) / 100, 8); }
    static constexpr int deep(int count) { return std::max(1, (2 * count * Depth + 100) / 200); }
    static constexpr int c1 = wide(64), c2 = wide(128), c3 = wide(256), c4 = wide(512), c5 = wide(1024);

    static constexpr void trace(Tracer& tracer) { tracer.scope("model", layers); }

    static constexpr void layers(Tracer& t) {
        using namespace yolo;
        t.scope(0, Conv<3, c1, 6, 2, SiLU, ultralytics_epsilon, 2>::trace);
        t.scope(1, Conv<c1, c2, 3, 2>::trace);
        t.scope(2, C3<c2, c2, deep(3)>::trace);
        t.scope(3, Conv<c2, c3, 3, 2>::trace);
        t.scope(4, C3<c3, c3, deep(6)>::trace);
        const auto eighth = t.current;  // of the input's resolution
        t.scope(5, Conv<c3, c4, 3, 2>::trace);
        t.scope(6, C3<c4, c4, deep(9)>::trace);
        const auto sixteenth = t.current;
        t.scope(7, Conv<c4, c5, 3, 2>::trace);
        t.scope(8, C3<c5, c5, deep(3)>::trace);
        t.scope(9, SPPF<c5, c5>::trace);

        t.scope(10, Conv<c5, c4>::trace);
        const auto coarse = t.current;
        t.scope(11, Upsample<2>::trace);
        t.scope(12, [&](Tracer& concat) { concat_with(concat, sixteenth); });
        t.scope(13, C3<2 * c4, c4, deep(3), false>::trace);
        t.scope(14, Conv<c4, c3>::trace);
        const auto middle = t.current;
        t.scope(15, Upsample<2>::trace);
        t.scope(16, [&](Tracer& concat) { concat_with(concat, eighth); });
        t.scope(17, C3<2 * c3, c3, deep(3), false>::trace);

        Detect<Classes> detect;
        const auto fine = t.current;
        detect.template trace_head<c3, 0>(t, 24);
        t.current = fine;
        t.scope(18, Conv<c3, c3, 3, 2>::trace);
        t.scope(19, [&](Tracer& concat) { concat_with(concat, middle); });
        t.scope(20, C3<2 * c3, c4, deep(3), false>::trace);
        const auto second = t.current;
        detect.template trace_head<c4, 1>(t, 24);
        t.current = second;
        t.scope(21, Conv<c4, c4, 3, 2>::trace);
        t.scope(22, [&](Tracer& concat) { concat_with(concat, coarse); });
        t.scope(23, C3<2 * c4, c5, deep(3), false>::trace);
        detect.template trace_head<c5, 2>(t, 24);
        detect.trace_rows(t, 24);
    }
};

}  // namespace yolov5

/// 1.87 M parameters and 4.5 GFLOP at 80 classes and 640 pixels.
template <int Classes = 80, int Size = 640>
struct Yolov5n : yolov5::Network<33, 25, Classes, Size> {};

/// 7.23 M parameters and 16.4 GFLOP.
template <int Classes = 80, int Size = 640>
struct Yolov5s : yolov5::Network<33, 50, Classes, Size> {};

template <int Classes = 80, int Size = 640>
struct Yolov5m : yolov5::Network<67, 75, Classes, Size> {};

template <int Classes = 80, int Size = 640>
struct Yolov5l : yolov5::Network<100, 100, Classes, Size> {};

template <int Classes = 80, int Size = 640>
struct Yolov5x : yolov5::Network<133, 125, Classes, Size> {};

}  // namespace taxon::zoo
