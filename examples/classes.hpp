#pragma once

/// The number of classes that a variant is compiled for: CMake's TAXON_CLASSES, else its own.
#if defined(TAXON_CLASSES)
template <int Own>
inline constexpr int classes = TAXON_CLASSES;
#else
template <int Own>
inline constexpr int classes = Own;
#endif
