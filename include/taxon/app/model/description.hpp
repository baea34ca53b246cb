#pragma once
#include <string>
#include <string_view>
#include <taxon/app/model/model_entry.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// "mobilenet_v3 small, force_float32, cpu fused, avx512"
inline std::string description_of(const Family& family, const ModelEntry& entry, std::string_view isa) {
    return fmt::format("{} {}{}{}, {}, {} {}{}{}", family.name, entry.variant, entry.size.empty() ? "" : " ",
                       entry.size, entry.precision, entry.backend, entry.execution, isa == "none" ? "" : ", ",
                       isa == "none" ? "" : isa);
}

}  // namespace taxon::app
