#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

/// A network of the user's own.
struct Network {
    static constexpr taxon::Shape input{3, 9, 9};
    using Layers =
        taxon::Sequential<taxon::Conv2d<3, 8, 3>, taxon::ReLU, taxon::GlobalAveragePool, taxon::Linear<8, 2>>;
    static constexpr void trace(taxon::Tracer& tracer) { Layers::trace(tracer); }
};

using Classifier = taxon::Model<Network, taxon::shape::Mutable<1, 4>>;
