// wants: taxon::Model: only a picture for a network with several inputs
#include <taxon/model.hpp>
#include <taxon/preprocess/image_net.hpp>

using namespace taxon;

struct Network {
#ifdef TAXON_BROKEN
    static constexpr std::array inputs{Port{"near", {3, 32, 32}}, Port{"far", {3, 32, 32}}};
#else
    static constexpr std::array inputs{Port{"near", {3, 32, 32}}};
#endif
    static constexpr void trace(Tracer& tracer) {
        tracer.node({.op = Op::add}, tracer.shape(), {tracer.current, tracer.current});
    }
};

std::vector<float> run(const Model<Network, preprocess::ImageNet<32>>& model, const Image& picture) {
    return model(picture);
}
