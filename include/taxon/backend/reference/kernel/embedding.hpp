#pragma once
#include <taxon/backend/reference/kernel/value.hpp>

namespace taxon::reference {

/// y[·, t] = words[id(t)] + positions[t] + types[type(t)]. x: (2, 1, tokens), an id and a type each.
inline Value embedding(const Value& x, const Value& words, const Value& positions, const Value& types) {
    const std::size_t features = words.shape(1), tokens = x.shape(2);
    Value y = xt::zeros<double>({features, std::size_t{1}, tokens});
    for (std::size_t t = 0; t < tokens; ++t)
        xt::view(y, xt::all(), 0, t) = xt::view(words, static_cast<std::size_t>(x(0, 0, t))) + xt::view(positions, t) +
                                       xt::view(types, static_cast<std::size_t>(x(1, 0, t)));
    return y;
}

}  // namespace taxon::reference
