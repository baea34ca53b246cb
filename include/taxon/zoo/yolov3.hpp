#pragma once
#include <taxon/zoo/yolo.hpp>

/// YOLOv3 (Redmon and Farhadi 2018) with the parameter names of ultralytics/yolov5 (models/hub/yolov3.yaml) and
/// Darknet's leaky ReLU: from (3, Size, Size), levels 0 to 1, to the table that taxon::Boxes describes, strides 8, 16
/// and 32 in turn.
namespace taxon::zoo {

namespace yolov3 {

/// Layers are in the order of Darknet's yolov3.cfg, so that a file of its weights can be read along the graph.
template <BoxCode Code, int InverseEpsilon, int Classes, int Size>
struct Network {
    static_assert(Size % 32 == 0, "taxon::zoo::yolov3: the picture's size must be a multiple of 32");
    static constexpr Shape input{3, Size, Size};

    template <int In, int Out, int Kernel = 1, int Stride = 1>
    using Conv = yolo::Conv<In, Out, Kernel, Stride, LeakyReLU<0.1>, InverseEpsilon>;
    template <int Channels, bool Shortcut = true>
    using Bottleneck = yolo::Bottleneck<Channels, Channels, Shortcut, Channels / 2, LeakyReLU<0.1>, InverseEpsilon>;
    template <int In, int Out>
    using Joint = yolo::Bottleneck<In, Out, false, Out / 2, LeakyReLU<0.1>, InverseEpsilon>;

    /// A stride-2 convolution and residual blocks.
    template <int In, int Count>
    static constexpr void stage(Tracer& t, int layer) {
        t.scope(layer, Conv<In, 2 * In, 3, 2>::trace);
        t.scope(layer + 1, [](Tracer& blocks) {
            for (int i = 0; i < Count; ++i)
                Count > 1 ? blocks.scope(i, Bottleneck<2 * In>::trace) : Bottleneck<2 * In>::trace(blocks);
        });
    }

    static constexpr void trace(Tracer& tracer) { tracer.scope("model", layers); }

    static constexpr void layers(Tracer& t) {
        t.scope(0, Conv<3, 32, 3>::trace);
        stage<32, 1>(t, 1);
        stage<64, 2>(t, 3);
        stage<128, 8>(t, 5);
        const auto eighth = t.current;  // of the input's resolution
        stage<256, 8>(t, 7);
        const auto sixteenth = t.current;
        stage<512, 4>(t, 9);

        yolo::Detect<Classes, Code> detect;
        t.scope(11, Bottleneck<1024, false>::trace);
        t.scope(12, Conv<1024, 512>::trace);
        t.scope(13, Conv<512, 1024, 3>::trace);
        t.scope(14, Conv<1024, 512>::trace);
        const auto coarse = t.current;
        t.scope(15, Conv<512, 1024, 3>::trace);
        detect.template trace_head<1024, 2>(t, 28);
        t.current = coarse;
        t.scope(16, Conv<512, 256>::trace);
        t.scope(17, Upsample<2>::trace);
        t.scope(18, [&](Tracer& concat) { yolo::concat_with(concat, sixteenth); });
        t.scope(19, Joint<768, 512>::trace);
        t.scope(20, Bottleneck<512, false>::trace);
        t.scope(21, Conv<512, 256>::trace);
        const auto middle = t.current;
        t.scope(22, Conv<256, 512, 3>::trace);
        detect.template trace_head<512, 1>(t, 28);
        t.current = middle;
        t.scope(23, Conv<256, 128>::trace);
        t.scope(24, Upsample<2>::trace);
        t.scope(25, [&](Tracer& concat) { yolo::concat_with(concat, eighth); });
        t.scope(26, Joint<384, 256>::trace);
        t.scope(27, [](Tracer& blocks) {
            for (int i = 0; i < 2; ++i) blocks.scope(i, Bottleneck<256, false>::trace);
        });
        detect.template trace_head<256, 0>(t, 28);
        detect.trace_rows(t, 28);
    }
};

}  // namespace yolov3

/// 61.9 M parameters and 65.9 GFLOP at 80 classes and 416 pixels, for weights trained in PyTorch.
template <int Classes = 80, int Size = 416>
struct Yolov3 : yolov3::Network<BoxCode::yolov5, yolo::ultralytics_epsilon, Classes, Size> {};

/// The same for Darknet's own weights, with its box code. ε is that of Darknet's GPU kernels and of all converters; its
/// CPU code has 1e-6.
template <int Classes = 80, int Size = 416>
struct Yolov3Darknet : yolov3::Network<BoxCode::darknet, yolo::darknet_epsilon, Classes, Size> {};

}  // namespace taxon::zoo
