#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

#include <cmath>

/// A network of the user's own, bound to generated weights.
struct Network {
    static constexpr taxon::Shape input{3, 9, 9};
    using Layers =
        taxon::Sequential<taxon::Conv2d<3, 8, 3>, taxon::ReLU, taxon::GlobalAveragePool, taxon::Linear<8, 2>>;
    static constexpr void trace(taxon::Tracer& tracer) { Layers::trace(tracer); }
};

int main() {
    using Classifier = taxon::Model<Network, taxon::shape::Mutable<1, 4>>;
    static_assert(Classifier::parameter_count == 8 * 3 * 9 + 8 * 2 + 2);
    const auto model = Classifier::load(taxon::io::SyntheticWeights());
    const auto logits = model(taxon::io::synthetic_input("", "input", 2 * 3 * 9 * 9));
    return logits.size() == 4 && std::isfinite(logits[0]) && logits[0] != logits[2] ? 0 : 1;
}
