#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <taxon/app/console/json.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/model/size_range.hpp>

namespace taxon::app {

/// The numbers of one sample, its inputs together, and of its outputs, at `length` tokens.
inline std::size_t sample_size(const ModelEntry& entry, int length) {
    return entry.graph.inputs.empty() ? entry.input.size_of(length) : taxon::sample_size(entry.graph.inputs, length);
}
inline std::size_t answer_size(const ModelEntry& entry, int length) {
    return entry.graph.outputs.empty() ? entry.output.size_of(length) : taxon::sample_size(entry.graph.outputs, length);
}

/// Tokens that texts for the network may have, and those that they have unless the command line says otherwise: as many
/// as a network of a fixed number takes, for which fewer cost the same.
inline SizeRange lengths_of(const ModelEntry& entry) {
    return {built_lengths.least, entry.sentence ? entry.input.width : built_lengths.most};
}
inline int usual_length_of(const ModelEntry& entry) { return entry.sentence ? entry.input.width : usual_length; }

/// Operations of one sample, of `length` tokens.
inline std::int64_t flops_of(const ModelEntry& entry, int length) {
    return entry.graph.flops(length) / (entry.sentence ? entry.sentence->texts : 1);
}

/// The name of a port on the command line. `kind`: "input" or "output", the name of an only one that has none.
inline std::string name_of(const Port& port, std::string_view kind) {
    return std::string(port.name.empty() ? kind : port.name);
}

inline bool has_several_ports(const ModelEntry& entry) {
    return entry.graph.inputs.size() > 1 || entry.graph.outputs.size() > 1;
}

/// Throws Fault::usage if a network has several inputs or outputs, of which `verb` can do nothing.
inline void require_single_ports(const ModelEntry& entry, const std::string& verb) {
    if (has_several_ports(entry))
        throw Error(Fault::usage, {.place = verb,
                                   .found = "a network of " + std::to_string(entry.graph.inputs.size()) +
                                            " inputs and " + std::to_string(entry.graph.outputs.size()) + " outputs",
                                   .wanted = "one of each",
                                   .remedy = "build its program with PROGRAM tensor"});
}

inline Json json_of(std::span<const Port> ports, std::string_view kind) {
    Json list = Json::array();
    for (const Port& port : ports)
        list.push_back(json_object(
            {{"name", name_of(port, kind)}, {"shape", {port.shape.channels, port.shape.height, port.shape.width}}}));
    return list;
}

}  // namespace taxon::app
