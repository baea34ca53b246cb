#pragma once
#include <taxon/core/separate_compilation.hpp>

namespace taxon::system {

/// A process's own streams, by their numbers.
enum class Stream : int { input, output, error };

/// True if somebody reads along, or types.
bool is_terminal(Stream stream);

/// Makes the standard streams what they are elsewhere than under Windows: bytes, not lines with carriage returns; on a
/// terminal UTF-8, and escape sequences for colours. Until the process ends: the terminal is the shell's as well.
void prepare_standard_streams();

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/streams.ipp>
#endif
