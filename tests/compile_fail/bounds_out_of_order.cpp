// wants: taxon::HardTanh: the lower bound must not exceed the upper one
#include <taxon/layer/activate.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{8, 4, 4};
#ifdef TAXON_BROKEN
    static constexpr double high = -2;
#else
    static constexpr double high = 2;
#endif
    static constexpr void trace(Tracer& tracer) { Sequential<HardTanh<-1, high>>::trace(tracer); }
};

static_assert(Model<Network>::flops == 0);
