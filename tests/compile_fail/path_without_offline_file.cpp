// wants: taxon::Model::open\(path\): include <taxon/backend/cpu/offline\.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#ifndef TAXON_BROKEN
#include <taxon/backend/cpu/offline.hpp>
#endif

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

Model<Network> open() { return Model<Network>::open("network.taxon"); }
