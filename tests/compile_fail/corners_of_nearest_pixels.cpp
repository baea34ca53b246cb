// wants: taxon::Interpolate: only bilinear interpolation can align corners
#include <taxon/layer/interpolate.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{8, 5, 5};
#ifdef TAXON_BROKEN
    static constexpr auto mode = Interpolation::nearest;
#else
    static constexpr auto mode = Interpolation::bilinear;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<Interpolate<mode, 7, 7, true>>::trace(tracer); }
};

static_assert(Model<Network>::flops == 0);
