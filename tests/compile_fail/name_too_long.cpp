// wants(gcc): wants a name of less than 160 characters
// wants(clang): 'l', 'e', 's', 's', ' ', 't', 'h', 'a', 'n', ' ', '1', '6', '0'
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

using namespace taxon;

inline constexpr FixedString long_name =
    "a_name_of_eighty_characters_is_rather_long_a_name_of_eighty_characters_is_rather";

struct Network {
    static constexpr Shape input{3, 8, 8};
    using Inner = Named<long_name, Conv2d<3, 4, 1>>;
#ifdef TAXON_BROKEN
    using Layers = Sequential<Named<long_name, Sequential<Inner>>>;
#else
    using Layers = Sequential<Inner>;
#endif
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

static_assert(Model<Network>::flops > 0);
