#pragma once
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <taxon/onnx/operators.hpp>
#include <taxon/onnx/stored_numbers.hpp>
#include <vector>

#include "onnx/model_writer.hpp"
#include "onnx/recipe.hpp"

namespace taxon::test {

/// A model of one node from any bytes: they choose the operator and its version, what its inputs and attributes are,
/// and all numbers. Most of these are small, as sizes, axes and indices are; some are those at which arithmetic ends.
class RandomNode : Recipe {
  public:
    explicit RandomNode(std::span<const std::byte> bytes) : Recipe(bytes) {
        const auto operators = onnx::operators();
        const onnx::Operator& chosen = operators[choose(operators.size())];
        const std::int64_t opset = between(1, 28);
        std::vector<std::string> inputs, outputs, attributes;
        const std::size_t input_count = static_cast<std::size_t>(chosen.fewest_inputs) + some(6);
        for (std::size_t i = 0; i < input_count; ++i) inputs.push_back(input(static_cast<char>('a' + i)));
        for (std::size_t i = 0, count = 1 + some(3); i < count; ++i) {
            outputs.push_back(std::string(1, static_cast<char>('x' + i)));
            graph_.outputs.push_back(onnx_bytes::value(outputs.back(), {}));
        }
        std::istringstream names{std::string(chosen.attributes)};
        for (std::string name; names >> name;)
            if (const std::string made = attribute(name); !made.empty()) attributes.push_back(made);
        graph_.nodes.push_back(onnx_bytes::node(std::string(chosen.name), inputs, outputs, attributes));
        bytes_ = onnx_bytes::model(graph_, opset);
    }

    const std::string& bytes() const { return bytes_; }

  private:
    using Sizes = onnx_bytes::Sizes;
    static constexpr std::int64_t huge = std::int64_t{1} << 40;  ///< beside a size of 0

    /// 0 for half of all bytes, else less than `most`.
    std::size_t some(std::size_t most) {
        const std::size_t byte = next();
        return byte < 128 ? 0 : byte % most;
    }

    double number() {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        constexpr double rare[] = {0x1p31, -0x1p31, 0x1p32, 0x1p40, 0x1p62, -0x1p63, infinity, -infinity,
                                   nan,    255,     65536,  0.5,    -0.25,  0x1p-40, 0x1p-149, 1e300};
        const std::size_t byte = next();
        return byte < 240 ? static_cast<double>(byte % 16) - 4 : rare[byte - 240];
    }
    std::int64_t whole() { return onnx::whole(number()); }
    /// Some numbers, or one number some times, as sizes of windows are.
    Sizes wholes() {
        const std::size_t count = next();
        if (count >= 192) return Sizes(count % 8, whole());
        Sizes all(count % 9);
        for (std::int64_t& one : all) one = whole();
        return all;
    }
    std::vector<float> reals() {
        std::vector<float> all(choose(5));
        for (float& one : all) one = static_cast<float>(number());
        return all;
    }

    /// That of the first tensor, or of the last, or its number of channels, or another.
    Sizes shape() {
        const std::size_t rank = next();
        if (rank >= 160 && !shapes_.empty()) {
            if (rank >= 192) return rank < 224 ? shapes_.front() : shapes_.back();
            return {shapes_.front().size() < 2 ? 1 : shapes_.front()[1] % huge};
        }
        Sizes made(rank % 6);
        std::int64_t count = 1;
        for (std::int64_t& size : made) {
            size = one_of<std::int64_t>({1, 2, 3, 4, 0, 5, huge});
            if (size == huge && count != 0) size = 0;
            count *= size;
        }
        shapes_.push_back(made);
        return made;
    }

    /// TensorProto without its name; the numbers that it has bytes for come again and again.
    std::string tensor(std::size_t type_code) {
        const auto type = static_cast<onnx::DataType>(type_code % 17);
        const Sizes shape = this->shape();
        const std::string head = onnx_bytes::dims(shape) + onnx_bytes::number(2, static_cast<std::int64_t>(type));
        if (!onnx::is_computed(type)) return head;
        std::vector<double> numbers(1 + choose(12));
        for (double& one : numbers) one = number();
        onnx::Tensor made(type, shape);
        onnx::visit_type(type, [&]<class T>(T) {
            for (std::size_t i = 0; i < made.size(); ++i) {
                const double one = numbers[i % numbers.size()];
                if constexpr (std::is_integral_v<T>) made.writable<T>()[i] = onnx::whole(one);
                else made.writable<T>()[i] = static_cast<T>(one);
            }
        });
        const std::vector<std::byte> stored = onnx::stored_bytes(made);
        return head + onnx_bytes::part(9, {reinterpret_cast<const char*>(stored.data()), stored.size()});
    }

    /// A constant, an input of the graph, or one that is left out; half of them are float32, some as the first.
    std::string input(char letter) {
        const std::size_t kind = next();
        if (kind >= 248) return "";
        const std::string name(1, letter);
        if (kind >= 232) {
            Sizes shape(choose(6));
            for (std::int64_t& size : shape) size = between(-1, 4);
            graph_.inputs.push_back(onnx_bytes::value(name, shape, static_cast<int>(kind % 17)));
            return name;
        }
        const std::size_t type = kind < 108 ? 1 : kind < 160 ? 7 : kind < 216 ? kind : first_type_;
        if (shapes_.empty()) first_type_ = type;
        graph_.initializers.push_back(tensor(type) + onnx_bytes::part(8, name));
        return name;
    }

    /// What an attribute may say.
    std::string word() {
        static const std::vector<std::string> words = [] {
            std::istringstream all(
                "NOTSET SAME_UPPER SAME_LOWER VALID constant reflect edge wrap nearest linear cubic bilinear "
                "bicubic zeros border reflection half_pixel half_pixel_symmetric pytorch_half_pixel "
                "align_corners asymmetric tf_half_pixel_for_nn tf_crop_and_resize round_prefer_floor "
                "round_prefer_ceil floor ceil stretch not_larger not_smaller forward reverse bidirectional "
                "Sigmoid Tanh Relu DCR CRD add mul min max none tanh fan");
            return std::vector<std::string>(std::istream_iterator<std::string>(all), {});
        }();
        return words[choose(words.size())];
    }
    /// A term of Einsum: letters, commas, arrows and dots.
    std::string equation() {
        static constexpr char letters[] = "ij,kl-> .IAaz";
        std::string made;
        for (std::size_t i = 0, count = choose(16); i < count; ++i) {
            const char letter = letters[choose(sizeof letters - 1)];
            made += letter == '-' ? "->" : letter == '.' ? "..." : std::string(1, letter);
        }
        return made;
    }

    /// AttributeProto, or nothing for one that is left out.
    std::string attribute(const std::string& name) {
        using namespace onnx_bytes;
        const std::string head = part(1, name);
        switch (some(11)) {
            case 1:
            case 2: return onnx_bytes::attribute(name, whole());
            case 3:
            case 4: return onnx_bytes::attribute(name, wholes());
            case 5: return real_attribute(name, static_cast<float>(number()));
            case 6: return onnx_bytes::attribute(name, word());
            case 7: return onnx_bytes::attribute(name, equation());
            case 8: return head + part(7, raw(reals())) + onnx_bytes::number(20, 6);
            case 9: {
                std::string texts = head;
                for (std::size_t i = 0, count = choose(5); i < count; ++i) texts += part(9, word());
                return texts + onnx_bytes::number(20, 8);
            }
            case 10: return tensor_attribute(name, tensor(next()));
            default: return "";
        }
    }

    onnx_bytes::Graph graph_{};
    std::vector<Sizes> shapes_{};  ///< of tensors so far
    std::size_t first_type_ = 1;
    std::string bytes_;
};

}  // namespace taxon::test
