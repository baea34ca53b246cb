#pragma once
#include <taxon/app/convert/convert.hpp>
#include <taxon/app/describe/describe.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/verify/verify.hpp>

namespace taxon::app {

/// Adds the verbs that do not ask what kind of network it is: a new one is a line here.
inline void add_verbs_of_every_kind(Verbs& verbs) { add_verbs<Verify, Convert, Describe>(verbs); }

}  // namespace taxon::app
