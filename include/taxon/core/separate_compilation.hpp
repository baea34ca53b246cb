#pragma once

// Header-only is the default. With TAXON_SEPARATE_COMPILATION defined throughout a program, the headers only declare
// the functions marked TAXON_DECL; one source file includes taxon/src.hpp, which defines them from the impl/ folders.
#if defined(TAXON_SEPARATE_COMPILATION)
#define TAXON_DECL
#else
#define TAXON_DECL inline
#endif
