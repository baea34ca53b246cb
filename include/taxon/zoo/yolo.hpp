#pragma once
#include <array>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/boxes.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/slice.hpp>
#include <taxon/layer/upsample.hpp>

/// Building blocks of YOLO networks, with the parameter names of ultralytics/yolov5 (models/common.py, models/yolo.py).
namespace taxon::zoo::yolo {

/// The reciprocal of ε in batch normalisations: that repository's is 1e-3, Darknet's 1e-5.
inline constexpr int ultralytics_epsilon = 1'000, darknet_epsilon = 100'000;

/// Convolution, normalisation, activation.
template <int In, int Out, int Kernel = 1, int Stride = 1, class Function = SiLU,
          int InverseEpsilon = ultralytics_epsilon, Padding Around = padding::centred>
using Conv = Sequential<Named<"conv", Conv2d<In, Out, Kernel, Stride, 1, false, Around>>,
                        Named<"bn", BatchNorm2d<Out, InverseEpsilon>>, Named<"act", Function>>;

/// 1x1 and 3x3, optionally with a residual.
template <int In, int Out, bool Shortcut, int Hidden, class Function = SiLU, int InverseEpsilon = ultralytics_epsilon>
struct Bottleneck {
    using Body = Sequential<Named<"cv1", Conv<In, Hidden, 1, 1, Function, InverseEpsilon>>,
                            Named<"cv2", Conv<Hidden, Out, 3, 1, Function, InverseEpsilon>>>;
    static constexpr void trace(Tracer& tracer) {
        if constexpr (Shortcut) Residual<Body>::trace(tracer);
        else Body::trace(tracer);
    }
};

/// The 1x1 blocks cv1 and cv2 of the same value as one product: `Half` channels each, concatenated.
template <int In, int Half>
struct TwoConvs {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().channels == In, "(TwoConvs<", In, ", ", Half, ">) wants ", In, " channels");
        Shape shape = tracer.shape();
        shape.channels = 2 * Half;
        tracer.label = "cv1+cv2";
        const int weights = tracer.parameter("cv1.conv.weight", Role::trained, Half, In, 1, 1);
        tracer.parameter("cv2.conv.weight", Role::trained, Half, In, 1, 1);
        tracer.node({.op = Op::convolution, .parts = 2, .parameter = weights}, shape);
        const int norms = taxon::detail::batch_norm_parameters<Half>(tracer, "cv1.bn.");
        taxon::detail::batch_norm_parameters<Half>(tracer, "cv2.bn.");
        tracer.node({.op = Op::batch_norm, .parts = 2, .inverse_epsilon = ultralytics_epsilon, .parameter = norms},
                    shape);
        SiLU::trace(tracer);
        tracer.label = {};
    }
};

/// Half of the channels through bottlenecks, the other half past them (Wang et al. 2020, section 3.1).
template <int In, int Out, int Count, bool Shortcut = true>
struct C3 {
    static constexpr int half = Out / 2;
    static constexpr void trace(Tracer& tracer) {
        TwoConvs<In, half>::trace(tracer);
        const auto both = tracer.current;
        Slice<half, half>::trace(tracer);
        const auto second = tracer.current;
        tracer.current = both;
        Slice<0, half>::trace(tracer);
        tracer.scope("m", [](Tracer& chain) {
            for (int i = 0; i < Count; ++i) chain.scope(i, Bottleneck<half, half, Shortcut, half>::trace);
        });
        const std::array halves{tracer.current, second};
        taxon::detail::concatenate(tracer, halves.data(), 2);
        tracer.scope("cv3", Conv<2 * half, Out>::trace);
    }
};

/// Max pools of 5, 9 and 13 pixels, as one of 5 three times over.
template <int In, int Out>
struct SPPF {
    static constexpr int half = In / 2;
    static constexpr void trace(Tracer& tracer) {
        tracer.scope("cv1", Conv<In, half>::trace);
        std::array<Tracer::Value, 4> values{tracer.current};
        for (std::size_t i = 1; i < values.size(); ++i) {
            tracer.scope("m", MaxPool2d<5, 1, 2>::trace);
            values[i] = tracer.current;
        }
        taxon::detail::concatenate(tracer, values.data(), 4);
        tracer.scope("cv2", Conv<4 * half, Out>::trace);
    }
};

/// Concatenates an earlier layer's value after the current one.
constexpr void concat_with(Tracer& tracer, const Tracer::Value& earlier) {
    const std::array both{tracer.current, earlier};
    taxon::detail::concatenate(tracer, both.data(), 2);
}

/// Anchors fitted to COCO, in pixels: those of YOLOv3 (Redmon and Farhadi 2018, section 2.3), of strides 8, 16 and 32.
inline constexpr std::array<std::array<int, 6>, 3> coco_anchors{
    {{10, 13, 16, 30, 33, 23}, {30, 61, 62, 45, 59, 119}, {116, 90, 156, 198, 373, 326}}};

/// Heads of stride 8, 16 and 32, which may be traced in any order, and the table of their boxes.
template <int Classes, BoxCode Code = BoxCode::yolov5>
class Detect {
  public:
    static constexpr int anchors = 3, channels = anchors * (5 + Classes);

    /// A 1x1 convolution of the current value to boxes, named by the number of the layer and of the head.
    template <int In, int Head>
    constexpr void trace_head(Tracer& tracer, int layer) {
        tracer.scope(layer, [this](Tracer& detect) {
            if (parameter_ == none) parameter_ = detect.parameter("anchors", Role::preset, 3, anchors, 2);
            detect.scope("m", [](Tracer& heads) { heads.scope(Head, Conv2d<In, channels, 1, 1, 1, true>::trace); });
            taxon::detail::BoxHead{Classes, 8 << Head, Code, coco_anchors[Head], anchors, parameter_, Head}.trace(
                detect);
        });
        tables_[Head] = tracer.current;
    }

    /// Rows of stride 8, then of 16 and 32.
    constexpr void trace_rows(Tracer& tracer, int layer) const {
        tracer.scope(layer, [this](Tracer& detect) { taxon::detail::concatenate(detect, tables_.data(), 3); });
    }

  private:
    int parameter_ = none;
    std::array<Tracer::Value, 3> tables_{};
};

}  // namespace taxon::zoo::yolo
