#pragma once
#if defined(_WIN32)
#include <taxon/system/impl/file_windows.ipp>
#else
#include <taxon/system/impl/file_posix.ipp>
#endif
