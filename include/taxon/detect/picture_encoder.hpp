#pragma once
#include <string>

#include <taxon/core/image.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::detect {

/// Encodes a JPEG of quality 92, without chroma subsampling. Throws Fault::shape for an empty picture, ::limit if
/// memory runs out.
TAXON_DECL std::string encode_jpeg(const Image& picture);

/// Encodes a PNG, lossless. Throws as `encode_jpeg` does.
TAXON_DECL std::string encode_png(const Image& picture);

}  // namespace taxon::detect

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/detect/impl/picture_encoder.ipp>
#endif
