#pragma once
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <taxon/app/convert/convert.hpp>
#include <taxon/app/describe/describe.hpp>
#include <taxon/app/inspect/inspect.hpp>
#include <taxon/app/verify/verify.hpp>

namespace taxon::app {

/// The verbs that serve every kind of network.
inline constexpr auto verbs_of_every_kind = boost::hana::tuple_t<Verify, Convert, Describe, Inspect>;

}  // namespace taxon::app
