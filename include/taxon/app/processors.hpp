#pragma once
#include <taxon/backend/cpu/processors.hpp>

namespace taxon::app {
using cpu::cgroup_processors;
using cpu::processors_of_quota;
using cpu::usable_processors;
}  // namespace taxon::app
