#pragma once

// Header-only is the default. With TAXON_SEPARATE_COMPILATION defined for all of a program, functions marked TAXON_DECL
// are only declared by their headers; one source file includes taxon/src.hpp, which defines them from the impl/
// folders.
#if defined(TAXON_SEPARATE_COMPILATION)
#define TAXON_DECL
#else
#define TAXON_DECL inline
#endif
