#pragma once
#include <taxon/onnx/writer/header.hpp>
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <taxon/core/printable.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/onnx/writer/blocks.hpp>
#include <taxon/onnx/writer/function_text.hpp>
#include <taxon/onnx/writer/trace.hpp>
#include <vector>

namespace taxon::onnx {
namespace writer {

/// The words of code outside of quotes and comments.
inline std::set<std::string> words_of(std::string_view code) {
    std::set<std::string> words;
    for (std::size_t i = 0; i < code.size();) {
        if (code.substr(i, 2) == "//") i = std::min(code.find('\n', i), code.size());
        else if (code[i] == '"') {
            for (++i; i < code.size() && code[i] != '"'; ++i) i += code[i] == '\\';
            ++i;
        } else if (is_word_character(code[i])) {
            const std::size_t begin = i;
            while (i < code.size() && is_word_character(code[i])) ++i;
            words.emplace(code.substr(begin, i - begin));
        } else ++i;
    }
    return words;
}

/// The headers of layer/ that declare some of these words.
inline std::set<std::string> headers_of(const std::set<std::string>& words) {
    static constexpr std::pair<const char*, const char*> homes[] = {{"Activate", "activate"},
                                                                    {"ReLU", "activate"},
                                                                    {"ReLU6", "activate"},
                                                                    {"HardSigmoid", "activate"},
                                                                    {"HardSwish", "activate"},
                                                                    {"Sigmoid", "activate"},
                                                                    {"SiLU", "activate"},
                                                                    {"Tanh", "activate"},
                                                                    {"GELU", "activate"},
                                                                    {"Mish", "activate"},
                                                                    {"LeakyReLU", "activate"},
                                                                    {"ELU", "activate"},
                                                                    {"Softplus", "activate"},
                                                                    {"Times", "activate"},
                                                                    {"HardTanh", "activate"},
                                                                    {"SelfAttention", "attention"},
                                                                    {"BatchNorm2d", "batch_norm2d"},
                                                                    {"Conv1d", "conv1d"},
                                                                    {"Conv2d", "conv2d"},
                                                                    {"ConvTranspose1d", "conv_transpose1d"},
                                                                    {"ConvTranspose2d", "conv_transpose2d"},
                                                                    {"dense", "dense"},
                                                                    {"FirstToken", "first_token"},
                                                                    {"GroupNorm", "group_norm"},
                                                                    {"Interpolate", "interpolate"},
                                                                    {"InterpolateBy", "interpolate"},
                                                                    {"L2Normalize", "l2_normalize"},
                                                                    {"LayerNorm", "layer_norm"},
                                                                    {"LearnedToken", "learned"},
                                                                    {"LearnedFactors", "learned"},
                                                                    {"PositionEmbeddings", "learned"},
                                                                    {"TokenEmbeddings", "learned"},
                                                                    {"Linear", "linear"},
                                                                    {"LinearSideBySide", "linear"},
                                                                    {"MeanTokens", "mean_tokens"},
                                                                    {"MaxPool2d", "pool"},
                                                                    {"AvgPool2d", "pool"},
                                                                    {"AdaptiveAvgPool2d", "pool"},
                                                                    {"AdaptiveMaxPool2d", "pool"},
                                                                    {"GlobalAveragePool", "pool"},
                                                                    {"PReLU", "prelu"},
                                                                    {"ChannelShuffle", "shuffle"},
                                                                    {"PixelShuffle", "shuffle"},
                                                                    {"PixelUnshuffle", "shuffle"},
                                                                    {"Slice", "slice"},
                                                                    {"Softmax", "softmax"},
                                                                    {"Upsample", "upsample"}};
    std::set<std::string> headers{"call"};
    for (const auto& [word, header] : homes)
        if (words.contains(word)) headers.insert(header);
    return headers;
}

/// `onnx::PortType{…}, …` of inputs or outputs.
inline std::string types_text(const std::vector<Network::Port>& ports) {
    std::string list;
    for (const Network::Port& port : ports) {
        std::string shape;
        for (const std::int64_t size : port.dimensions) shape += (shape.empty() ? "" : ", ") + std::to_string(size);
        list += (list.empty() ? "" : ", ") +
                ("onnx::PortType{onnx::DataType::" +
                 std::string(port.type == DataType::boolean ? "boolean" : name_of(port.type)) + ", {" + shape + "}}");
    }
    return "{" + list + "};";
}

inline std::string ports_text(const Network& network) {
    std::string list;
    for (const Network::Port& input : network.inputs) {
        std::string shape;
        for (const Piece& piece : writer::shape(input.shape).pieces)
            shape += piece.kind == Piece::Kind::number ? std::to_string(piece.number) : piece.text;
        list += (list.empty() ? "" : ", ") + ("Port{" + literal_of(input.name) + ", " + shape + "}");
    }
    return line_of(4, "static constexpr std::array inputs{" + list + "};") +
           line_of(4, "static constexpr std::array input_types" + types_text(network.inputs)) +
           line_of(4, "static constexpr std::array output_types" + types_text(network.outputs));
}

}  // namespace writer

TAXON_DECL std::string written_header(const Network& network, const std::string& type) {
    using namespace writer;
    const auto refuse = [&](std::string_view wanted) {
        throw Error(Fault::usage,
                    {.place = "--name", .found = "'" + type + "'", .wanted = wanted, .remedy = "give another name"});
    };
    if (!is_identifier(type)) refuse("the name of a C++ type, such as MobileNetV2");
    if (network.inputs.empty()) throw Error(Fault::unsupported, {.found = "a network without inputs"});
    const TracedGraph traced = network.traced();
    if (!traced.problem().empty()) throw Error(Fault::unsupported, {.found = traced.problem()});

    std::vector<Function> functions{trace_of(network)};
    std::set<std::string> used;
    for (const Function& function : functions)
        for (const Statement& statement : function.statements)
            for (const Piece& piece : statement.expression.pieces)
                if (piece.kind == Piece::Kind::text) used.merge(words_of(piece.text));
    if (used.contains(type) || used.contains(snake_case(type))) refuse("one that no layer has");
    std::set<std::string> taken = used;
    taken.insert(
        {"t", "i", "name", "trace", "inputs", "none", "apply", "add", "multiply", "concat", "operation", type});

    std::set<std::string> names = taken;
    names.insert({"x", "y", "z"});
    find_blocks(functions, names);
    for (const Function& function : functions) taken.insert(function.name);

    std::string body;
    for (std::size_t i = functions.size(); i-- > 0;) body += "\n" + FunctionText(functions[i], taken).text();
    std::string text = "// " + type + (network.comment.empty() ? "" : ": " + printable(network.comment)) +
                       "\n// Written by import_onnx; its weights are in " + snake_case(type) +
                       ".safetensors.\n#pragma once\n#include <array>\n";
    if (used.contains("numeric_limits")) text += "#include <limits>\n";
    used.merge(words_of(body));
    for (const std::string& header : headers_of(used)) text += "#include <taxon/layer/" + header + ".hpp>\n";
    text += "#include <taxon/onnx/port_type.hpp>\n";
    return text + "\nnamespace taxon::imported {\n\nstruct " + type + " {\n" + ports_text(network) + body +
           "};\n\n}  // namespace taxon::imported\n\nusing taxon::imported::" + type + ";\n";
}

TAXON_DECL void write_weights(const Network& network, const std::filesystem::path& path) {
    std::vector<io::StoredTensor> tensors;
    for (const Network::Layer& layer : network.layers)
        for (const Network::Weight& weight : layer.weights)
            if (weight.role != Role::ignored)
                tensors.push_back({weight.suffix.empty() ? layer.name : layer.name + "." + weight.suffix,
                                   Element::float32, Dimensions(weight.shape.begin(), weight.shape.end()),
                                   std::as_bytes(weight.numbers.numbers<float>())});
    io::write_safetensors(path, tensors, {{"format", "pt"}});
}

}  // namespace taxon::onnx
