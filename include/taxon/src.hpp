#pragma once

// All definitions under separate compilation: included by one source file of a program, or of a library. The whole
// program must define TAXON_SEPARATE_COMPILATION; CMake's target taxon::compiled does both. Whatever needs a library
// that is not installed is left out: pictures (stb and zlib), the tokenizer (utf8proc), data sets (range-v3) and the
// Reference backend (xtensor). To compile the parts side by side, a source file of each first defines
// TAXON_SRC_READERS (checkpoints, data sets), TAXON_SRC_CPU (the backend, offline files, all that works on weights in
// bulk), TAXON_SRC_PICTURES (with their annotations) or TAXON_SRC_REFERENCE.
#if !defined(TAXON_SEPARATE_COMPILATION)
#error "taxon/src.hpp: define TAXON_SEPARATE_COMPILATION for the whole program, or do not include this"
#endif
#if !defined(TAXON_SRC_READERS) && !defined(TAXON_SRC_CPU) && !defined(TAXON_SRC_PICTURES) &&                          \
    !defined(TAXON_SRC_REFERENCE)
#define TAXON_SRC_READERS
#define TAXON_SRC_CPU
#define TAXON_SRC_PICTURES
#define TAXON_SRC_REFERENCE
#endif

#if defined(TAXON_SRC_READERS)
#include <taxon/io/darknet_file.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/io/weight_format.hpp>
#include <taxon/weights/darknet_weights.hpp>
#include <taxon/weights/fitted_weights.hpp>
#include <taxon/weights/parameters.hpp>

#include <taxon/io/impl/darknet_file.ipp>
#include <taxon/io/impl/safetensors_writer.ipp>
#include <taxon/io/impl/weight_file.ipp>
#include <taxon/io/impl/weight_format.ipp>
#include <taxon/weights/impl/darknet_weights.ipp>
#include <taxon/weights/impl/fitted_weights.ipp>
#include <taxon/weights/impl/parameters.ipp>
#if __has_include(<range/v3/range_fwd.hpp>)
#include <taxon/eval/coco_dataset.hpp>
#include <taxon/eval/dataset.hpp>

#include <taxon/eval/impl/coco_dataset.ipp>
#include <taxon/eval/impl/dataset.ipp>
#endif
#endif

#if defined(TAXON_SRC_CPU)
#include <taxon/backend/cpu/executable.hpp>
#include <taxon/backend/cpu/offline.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/backend/cpu/roofline.hpp>
#include <taxon/backend/cpu/tile_shape.hpp>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/crc32.hpp>
#include <taxon/io/float_conversion.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_table.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/plan/superstep.hpp>
#include <taxon/quantize/histogram.hpp>
#include <taxon/system/file.hpp>
#include <taxon/system/pages.hpp>
#include <taxon/system/process.hpp>
#include <taxon/system/signals.hpp>
#include <taxon/system/streams.hpp>
#include <taxon/system/threads.hpp>

#include <taxon/backend/cpu/impl/executable.ipp>
#include <taxon/backend/cpu/impl/offline.ipp>
#include <taxon/backend/cpu/impl/pack.ipp>
#include <taxon/backend/cpu/impl/processors.ipp>
#include <taxon/backend/cpu/impl/roofline.ipp>
#include <taxon/backend/cpu/impl/tile_shape.ipp>
#include <taxon/graph/impl/port_numbers.ipp>
#include <taxon/io/impl/atomic_file.ipp>
#include <taxon/io/impl/crc32.ipp>
#include <taxon/io/impl/float_conversion.ipp>
#include <taxon/io/impl/mapped_file.ipp>
#include <taxon/io/impl/offline_file.ipp>
#include <taxon/io/impl/offline_table.ipp>
#include <taxon/io/impl/offline_writer.ipp>
#include <taxon/io/impl/synthetic_weights.ipp>
#include <taxon/plan/impl/owned_plan.ipp>
#include <taxon/plan/impl/superstep.ipp>
#include <taxon/quantize/impl/histogram.ipp>
#include <taxon/system/impl/file.ipp>
#include <taxon/system/impl/pages.ipp>
#include <taxon/system/impl/process.ipp>
#include <taxon/system/impl/signals.ipp>
#include <taxon/system/impl/streams.ipp>
#include <taxon/system/impl/threads.ipp>
#endif

#if defined(TAXON_SRC_PICTURES)
#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_detections.hpp>

#include <taxon/eval/impl/coco_annotations.ipp>
#include <taxon/eval/impl/coco_detections.ipp>
#if __has_include(<zlib.h>) && (__has_include(<stb/stb_image.h>) || __has_include(<stb_image.h>))
#include <taxon/preprocess/image_file.hpp>

#include <taxon/preprocess/impl/image_file.ipp>
#endif
#if __has_include(<stb/stb_image_write.h>) || __has_include(<stb_image_write.h>)
#include <taxon/detect/picture_encoder.hpp>

#include <taxon/detect/impl/picture_encoder.ipp>
#endif
#endif

#if defined(TAXON_SRC_REFERENCE) && __has_include(<xtensor/xtensor.hpp>)
#include <taxon/backend/reference/interpreter.hpp>

#include <taxon/backend/reference/impl/interpreter.ipp>
#endif
