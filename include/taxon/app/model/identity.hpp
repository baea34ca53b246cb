#pragma once
#include <taxon/app/console/json.hpp>
#include <taxon/app/model/model_entry.hpp>

namespace taxon::app {

/// Identifies the network in a machine-readable result: family, variant, size (where there are several), precision,
/// backend, execution.
inline Json identity_json(const Family& family, const ModelEntry& entry) {
    Json json = json_object({{"family", family.name}, {"variant", entry.variant}});
    if (!entry.size.empty()) json["size"] = entry.size;
    json["precision"] = entry.precision;
    json["backend"] = entry.backend;
    json["execution"] = entry.execution;
    return json;
}

}  // namespace taxon::app
