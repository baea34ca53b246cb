// wants(gcc): wants a name of less than 96 characters
// wants(clang): 'l', 'e', 's', 's', ' ', 't', 'h', 'a', 'n', ' ', '9', '6'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

struct Network {
    static constexpr Shape input{3, 8, 8};
    using Inner = Named<"a_name_of_forty_eight_characters_is_rather_long_", Conv2d<3, 4, 1>>;
#ifdef TAXON_BROKEN
    using Layers = Sequential<Named<"a_name_of_forty_eight_characters_is_rather_long_", Sequential<Inner>>>;
#else
    using Layers = Sequential<Inner>;
#endif
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
