#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/weight_source.hpp>
#include <taxon/onnx/data_type.hpp>
#include <utility>
#include <variant>
#include <vector>

/// The messages of an .onnx file as data, under the names of onnx.proto: what taxon reads and writes of them.
namespace taxon::onnx {

/// Bytes that lie in a mapped file or in memory that `owner` keeps; copies share them.
struct SharedBytes {
    std::span<const std::byte> view{};
    std::shared_ptr<const void> owner{};

    static SharedBytes of(std::vector<std::byte> bytes) {
        const auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
        return {*kept, kept};
    }
};

/// A constant. `data` is dense, row-major and little-endian, at any alignment, whichever field of the file held it.
struct TensorProto {
    std::string name{};
    DataType type = DataType::float32;
    Dimensions shape{};
    SharedBytes data{};
};

struct GraphProto;

/// A named argument of a node. A graph is shared because messages are copied; std::monostate is a kind of value that
/// taxon does not read: lists of tensors or graphs, sparse tensors, types.
struct AttributeProto {
    using Value = std::variant<std::int64_t, float, std::string, TensorProto, std::shared_ptr<const GraphProto>,
                               std::vector<std::int64_t>, std::vector<float>, std::vector<std::string>, std::monostate>;
    std::string name{};
    Value value{};
};

/// One operation. An empty name in `inputs` or `outputs` is one that is left out.
struct NodeProto {
    std::string name{};
    std::string operation{};  ///< op_type: Conv
    std::string domain{};     ///< empty for ONNX's own operators, which some files call ai.onnx
    std::vector<std::string> inputs{};
    std::vector<std::string> outputs{};
    std::vector<AttributeProto> attributes{};
    std::map<std::string, std::string> metadata{};

    /// Nothing if the node has no such attribute.
    const AttributeProto* attribute(std::string_view wanted) const {
        for (const AttributeProto& one : attributes)
            if (one.name == wanted) return &one;
        return nullptr;
    }
};

/// The type of an input or an output. A dimension is a size, or the name of one that is open; the name may be empty.
struct ValueInfoProto {
    using Dimension = std::variant<std::int64_t, std::string>;
    std::string name{};
    DataType type = DataType::undefined;            ///< undefined for what is no tensor
    std::optional<std::vector<Dimension>> shape{};  ///< nothing if even the rank is open
};

/// Nodes stand in an order in which they can be computed. Initializers may be listed as inputs too.
struct GraphProto {
    std::string name{};
    std::vector<NodeProto> nodes{};
    std::vector<TensorProto> initializers{};
    std::vector<ValueInfoProto> inputs{};
    std::vector<ValueInfoProto> outputs{};
    std::vector<ValueInfoProto> values{};  ///< value_info: types of values in between, if the writer knew them
};

struct ModelProto {
    std::int64_t ir_version = 0;
    std::string producer_name{};
    std::string producer_version{};
    std::map<std::string, std::int64_t> opset{};  ///< version by domain; ONNX's own is ""
    std::map<std::string, std::string> metadata{};
    GraphProto graph{};
    /// Bytes that what is made of this may take, beyond a fixed amount: what reading left of them if it is of a file.
    std::size_t memory = std::numeric_limits<std::size_t>::max();
};

}  // namespace taxon::onnx
