// wants: taxon::Model: a picture needs a Preprocess policy for pictures, such as preprocess::ImageNet<224>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/task/classify.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<GlobalAveragePool, Linear<3, 2>>::trace(tracer); }
};

#ifdef TAXON_BROKEN
using Classifier = Model<Network>;
#else
using Classifier = Model<Network, preprocess::ImageNet<32>>;
#endif
auto answer(const Classifier& model, const Image& picture) { return task::classify(model, picture); }
