#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/sentence_modules.hpp>

namespace taxon::app {

/// The pooling of a network that gives a text's vector rather than classes, as sentence-transformers calls it; empty
/// for any other network.
inline std::string pooling_of(const ModelEntry& entry) {
    if (entry.sentence) return std::string(entry.sentence->pooling);
    const GraphView graph = entry.graph;
    if (graph.outputs.size() != 1) return {};
    const Node* node = &graph.node(graph.outputs.front().node);
    if (node->op == Op::l2_normalize) node = &graph.node(graph.operand(*node, 0));
    return node->op == Op::mean_tokens ? "mean_tokens" : node->op == Op::first_token ? "cls_token" : "";
}

inline bool normalizes(const ModelEntry& entry) {
    return entry.sentence ? entry.sentence->normalizes
                          : entry.graph.node(entry.graph.outputs.front().node).op == Op::l2_normalize;
}

/// True if all of a program's networks are sentence encoders.
inline bool embeds_only(const Family& family) {
    return std::all_of(family.entries.begin(), family.entries.end(),
                       [](const ModelEntry& entry) { return !pooling_of(entry).empty(); });
}

/// Throws Fault::usage for a sentence encoder, whose numbers are no classes.
inline void require_classifier(const ModelEntry& entry, std::string_view verb) {
    if (!pooling_of(entry).empty())
        throw Error(Fault::usage, {.place = std::string(verb),
                                   .found = "variant " + std::string(entry.variant) + ", a sentence encoder",
                                   .wanted = "a classifier",
                                   .remedy = "embed runs it"});
}

/// Throws Fault::mismatch unless a folder of sentence-transformers says the pooling and normalisation that the network
/// has, and as reading it does. Nothing is checked where the folder says nothing.
inline void check_sentence_modules(const std::filesystem::path& folder, const ModelEntry& entry) {
    const std::string pooling = pooling_of(entry);
    if (pooling.empty() || entry.sentence) return;
    const auto modules = io::SentenceModules::read(folder);
    if (!modules) return;
    const auto refuse = [&](const std::string& found, const std::string& wanted) {
        throw Error(Fault::mismatch,
                    {.file = (folder / "modules.json").string(),
                     .place = "variant " + std::string(entry.variant),
                     .found = found,
                     .wanted = wanted,
                     .remedy = "choose the variant that has it, or write its type; see docs/recipes.md"});
    };
    if (modules->pooling != pooling) refuse("pooling_mode_" + modules->pooling, "pooling_mode_" + pooling);
    if (modules->normalizes && !normalizes(entry)) refuse("a normalisation", "none");
}

}  // namespace taxon::app
