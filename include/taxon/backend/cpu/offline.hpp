#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <taxon/backend/cpu/packed.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/plan/fingerprint.hpp>
#include <taxon/plan/plan.hpp>
#include <vector>

/// A bound network in an offline file: packed weights that are mapped and read in place, on any instruction set.
namespace taxon {
namespace cpu {

/// The sections of a network, as views into it, and `more` behind them.
TAXON_DECL std::vector<io::OfflineSection> sections_of(const Packed& packed, std::string_view summary,
                                                       std::span<const io::OfflineSection> more = {});

}  // namespace cpu

/// Reads a network from a file: everything but the weights, which are verified before their first run. Throws
/// Fault::mismatch, listing the differences, if the file was made for another network.
TAXON_DECL cpu::Packed packed_of(std::shared_ptr<const io::OfflineFile> file, GraphView graph, PlanView plan);

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/offline.ipp>
#endif
