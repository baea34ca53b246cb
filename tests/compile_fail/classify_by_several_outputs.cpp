// wants: taxon::task: this network has several inputs or outputs; call the model itself, by their names
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/task/classify.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) {
        Sequential<GlobalAveragePool, Linear<3, 5>>::trace(tracer);
        tracer.output("scores");
#ifdef TAXON_BROKEN
        tracer.output("again");
#endif
    }
};

auto answer(const Model<Network, preprocess::ImageNet<32>>& model, const Image& picture) {
    return task::classify(model, picture);
}
