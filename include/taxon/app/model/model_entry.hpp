#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <taxon/any_model.hpp>
#include <taxon/core/config_field.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/number/range.hpp>
#include <taxon/onnx/port_type.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/policy/precision.hpp>
#include <taxon/text/letter_case.hpp>

namespace taxon::io {
class OfflineFile;
}  // namespace taxon::io

namespace taxon::app {

/// Options with which the command line runs a network.
using Settings = AnyModel::Options;

/// Of a sentence encoder whose graph does not say it, for it was an .onnx file.
struct SentenceFacts {
    int texts = 1;                      ///< of a run of its graph, which pads each to the most tokens
    int words = 0, types = 0;           ///< rows of its tables of embeddings
    std::string_view pooling = "none";  ///< as sentence-transformers calls it; none: the graph has it
    bool normalizes = false;
};

/// A row of an example's table: one model type with its compile-time facts, and functions that bind weights to it.
struct ModelEntry {
    std::string_view variant{}, precision{}, backend{}, execution{};  ///< as the command line names them
    std::string_view size{};  ///< of pictures, if a variant comes in several: "640"
    std::string_view preprocess{};
    /// where a picture lies in the input, of a detector
    preprocess::LetterboxFit (*letterbox)(int picture_height, int picture_width) = nullptr;
    Shape input{}, output{};
    std::optional<text::LetterCase> letter_case{};  ///< of the tokenizer, for a network over texts
    std::span<const ConfigField> config{};          ///< what a folder's config.json is checked against
    std::int64_t parameter_count = 0, flops = 0, packed_bytes = 0;
    bool by_layer = false;
    DataTypes data_types{};
    GraphView graph{};    ///< with the input and the result of its task
    GraphView network{};  ///< the same with its own, where these are others
    std::optional<SentenceFacts> sentence{};
    std::span<const onnx::PortType> input_types{}, output_types{};  ///< of a network that was an .onnx file
    std::span<const onnx::PortType> network_input_types{}, network_output_types{};  ///< of `network`
    PlanView plan{};  ///< none for the Reference backend, as below
    /// the plan of another precision; only for float32, fused
    OwnedPlan (*replan)(const DataTypes&) = nullptr;
    /// ranges: of all that `plan` stores as integers
    std::unique_ptr<AnyModel> (*load)(const WeightSource&, const quantize::Ranges&, const Settings&) = nullptr;
    /// none for the Reference backend
    std::unique_ptr<AnyModel> (*open)(std::shared_ptr<const io::OfflineFile>, const Settings&) = nullptr;
};

/// A command-line program's family: its name and everything compiled into it.
struct Family {
    std::string_view name;
    std::span<const ModelEntry> entries;  ///< the first one is the default variant
    /// safetensors bytes that `embedded_variant` uses when no --weights is given
    std::span<const std::byte> embedded{};
    std::string_view embedded_variant{};
    std::span<const std::string_view> embedded_labels{};
    /// a vocab.txt or tokenizer.json, which is used when no --vocab is given; empty: there is none
    std::string_view vocabulary{};
    /// the file that is used when no --weights is given; empty: there is none
    std::string_view weights{};
    /// what prepared pictures hold, where people expect something else; a sentence for --help
    std::string_view tensor_note{};
};

}  // namespace taxon::app
