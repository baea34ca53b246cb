#pragma once
#include <cstddef>
#include <cstdint>

namespace taxon {

/// Bounds on the work and memory that a file may ask of its reader. Every reader takes them; a program that knows its
/// files may raise or lower a member. A file beyond a bound is rejected with Fault::limit, which names both numbers.
struct Limits {
    // ── Weight files ─────────────────────────────────────────────────────────────────────────────────────────────────
    std::size_t reader_bytes = std::size_t{16} << 20;  ///< for what a reader keeps, on top of the size of what it reads
    std::size_t name_bytes = 512;       ///< of the name of a tensor, a module, a class or an archive entry
    std::size_t key_bytes = 64;         ///< of a storage's key
    std::size_t names_in_modules = 16;  ///< names seen while walking a module, per value of the pickle
    std::size_t module_depth = 64;      ///< levels of nested modules
    std::size_t wrapper_depth = 8;      ///< wrappers around a tensor or the state dict
    std::size_t tensor_rank = 16;       ///< dimensions of a tensor
    std::uint64_t tensor_elements = std::uint64_t{1} << 40;
    std::size_t pickle_bytes = std::size_t{128} << 20;
    std::size_t pickle_values = std::size_t{1} << 22;
    std::size_t pickle_stack = 1'000'000;
    std::size_t pickle_marks = 1'024;
    std::size_t pickle_depth = 256;          ///< levels of nested values
    std::size_t header_bytes = 100'000'000;  ///< of a safetensors file: the limit of the safetensors library
    std::size_t shard_files = 10'000;        ///< of an index
    std::uint32_t offline_sections = 65'536;

    // ── ONNX files ───────────────────────────────────────────────────────────────────────────────────────────────────
    std::size_t graph_depth = 16;                            ///< levels of graphs in nodes' attributes
    std::size_t graph_name_bytes = 4'096;                    ///< of the name of a node or a value
    std::uint64_t folded_elements = std::uint64_t{1} << 28;  ///< of all constants computed, on top of the file's bytes
    std::uint64_t inferred_elements = std::uint64_t{1} << 25;  ///< of constants that shapes and indices depend on

    // ── Texts and JSON ───────────────────────────────────────────────────────────────────────────────────────────────
    std::size_t json_depth = 64;
    std::size_t json_values = std::size_t{1} << 18;  ///< of JSON kept in memory: an earlier result, a file's facts
    std::uintmax_t json_bytes = std::uintmax_t{480} << 20;  ///< of annotations (instances_train2017: 448) or detections
    std::uintmax_t result_bytes = std::uintmax_t{256} << 20;  ///< of an earlier result: 50,000 pictures' boxes
    std::uintmax_t text_bytes = std::uintmax_t{64} << 20;     ///< of a text file: a vocabulary, class names, a table
    std::size_t line_bytes = std::size_t{64} << 10;
    std::size_t vocabulary_tokens = std::size_t{1} << 19;
    std::size_t class_names = 100'000;
    std::size_t table_rows = std::size_t{1} << 22;

    // ── Pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────
    std::uint32_t picture_side = 16'384;
    std::uint64_t picture_pixels = 50'000'000;  ///< decoding may take four bytes for each of them, plus 48 MiB
    std::uint32_t picture_scans = 64;           ///< of a JPEG; libjpeg writes ten
    std::uint64_t picture_scanned_pixels = 1'000'000'000;  ///< in all scans of a JPEG together
};

/// The maximum length of an error's line; a constant, because whoever makes the line does not have a reader's limits.
inline constexpr std::size_t error_line_bytes = 480;

}  // namespace taxon
