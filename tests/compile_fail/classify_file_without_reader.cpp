// wants: taxon::task: a picture file is read by <taxon/preprocess/image_file.hpp>; include it, or give an Image
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/task/classify.hpp>
#ifndef TAXON_BROKEN
#include <taxon/preprocess/image_file.hpp>
#endif

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { Sequential<GlobalAveragePool, Linear<3, 2>>::trace(tracer); }
};

auto answer(const Model<Network, preprocess::ImageNet<32>>& model) { return task::classify(model, "dog.jpg"); }
