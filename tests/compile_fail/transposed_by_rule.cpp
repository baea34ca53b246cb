// wants: taxon::ConvTranspose2d: give the padding in pixels
#include <taxon/layer/conv_transpose2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 8, 8};
#ifdef TAXON_BROKEN
    static constexpr Padding around = padding::same;
#else
    static constexpr Padding around = 1;
#endif
    static constexpr void trace(Tracer& tracer) {
        Sequential<ConvTranspose2d<3, 8, 4, 2, 1, false, around>>::trace(tracer);
    }
};

static_assert(Model<Network>::flops > 0);
