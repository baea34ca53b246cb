// wants(gcc): ModelError<[^"]*"layer .'columns.' wants numbers 1 to 12 of a value that has 12, found 1 rows
// wants(clang): 'n', 'u', 'm', 'b', 'e', 'r', 's', ' ', '1', ' ', 't', 'o', ' ', '1', '2'
#include <taxon/layer/dense.hpp>
#include <taxon/model.hpp>

using namespace taxon;

/// The columns of a matrix of 3 rows, read one number too late.
struct Network {
    static constexpr Shape input = dense::numbers(12);
#ifdef TAXON_BROKEN
    static constexpr int first = 1;
#else
    static constexpr int first = 0;
#endif
    static constexpr void trace(Tracer& tracer) {
        dense::move(tracer, "columns", {4, 3}, {tracer.current, {1, 4}, first});
    }
};

static_assert(Model<Network>::flops == 0);
