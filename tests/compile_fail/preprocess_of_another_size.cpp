// wants: taxon::Model: Preprocess produces another picture size than the network's input; change one of
// wants: them, or the ShapeMode
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_net.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>>::trace(tracer); }
};

#ifdef TAXON_BROKEN
using Classifier = Model<Network, preprocess::ImageNet<224>>;
#else
using Classifier = Model<Network, preprocess::ImageNet<32>>;
#endif
std::vector<float> classify(const Classifier& model, const Image& picture) { return model(picture); }
