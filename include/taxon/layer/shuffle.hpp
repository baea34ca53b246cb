#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.ChannelShuffle`: channel g · (C / Groups) + i becomes channel i · Groups + g; Zhang et al. 2018, section
/// 3.1.
template <int Groups>
struct ChannelShuffle {
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(!shape.sequence && !shape.table && shape.channels % Groups == 0, "(ChannelShuffle<", Groups,
                      ">) wants a picture whose channels the groups divide");
        tracer.node({.op = Op::shuffle, .shuffle = Shuffle::channels, .groups = Groups}, shape);
    }
};

/// `torch.nn.PixelShuffle`: Factor² channels become a square of Factor x Factor pixels, row by row; Shi et al. 2016,
/// section 3.2.
template <int Factor>
struct PixelShuffle {
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        constexpr int square = Factor * Factor;
        tracer.expect(!shape.sequence && !shape.table && shape.channels % square == 0, "(PixelShuffle<", Factor,
                      ">) wants a picture of a multiple of ", square, " channels");
        tracer.node({.op = Op::shuffle, .shuffle = Shuffle::to_pixels, .stride = Factor},
                    {shape.channels / square, shape.height * Factor, shape.width * Factor});
    }
};

/// `torch.nn.PixelUnshuffle`, which is the reverse.
template <int Factor>
struct PixelUnshuffle {
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(!shape.sequence && !shape.table && shape.height % Factor == 0 && shape.width % Factor == 0,
                      "(PixelUnshuffle<", Factor, ">) wants a picture whose sides are multiples of ", Factor);
        tracer.node({.op = Op::shuffle, .shuffle = Shuffle::to_channels, .stride = Factor},
                    {shape.channels * Factor * Factor, shape.height / Factor, shape.width / Factor});
    }
};

}  // namespace taxon
