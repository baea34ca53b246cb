#pragma once
#include <filesystem>

#include <taxon/core/separate_compilation.hpp>
#include <taxon/eval/dataset.hpp>

namespace taxon::eval {

class CocoAnnotations;

/// The pictures of an annotation file, sorted bytewise by file name; a picture's label is its index in
/// annotations.images(), so that `shard` and `limit` apply here too. A file is looked up in `folder` by its annotated
/// path, then by its name alone. Files without annotations are skipped and counted. Throws Fault::missing, with their
/// number, for annotated pictures that do not exist, ::duplicate for two annotated images that are one file, ::io if
/// there is no folder, and ::path for a file name that leads outside it.
TAXON_DECL Dataset read_coco_dataset(const std::filesystem::path& folder, const CocoAnnotations& annotations);

}  // namespace taxon::eval

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/eval/impl/coco_dataset.ipp>
#endif
