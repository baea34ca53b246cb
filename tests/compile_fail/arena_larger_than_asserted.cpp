// wants: the network must fit the device
#include <taxon/model.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>

using namespace taxon;

using Classifier = Model<zoo::MobileNetV3Small<>>;

#ifdef TAXON_BROKEN
constexpr long memory = 1'000'000;
#else
constexpr long memory = 2'000'000;
#endif
static_assert(Classifier::arena_bytes() <= memory, "the network must fit the device");
