#pragma once
#include <boost/hana/for_each.hpp>
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// A verb of each type in a list `hana::tuple_t<Verify, Convert>`, in its order.
template <class List>
Verbs make_verbs(List types) {
    Verbs verbs;
    boost::hana::for_each(types,
                          [&](auto type) { verbs.push_back(std::make_unique<typename decltype(type)::type>()); });
    return verbs;
}

}  // namespace taxon::app
