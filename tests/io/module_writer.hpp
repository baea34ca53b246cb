#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <taxon/number/half.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/core/weight_source.hpp>
#include <utility>
#include <vector>

#include "io/checkpoint_writer.hpp"

namespace taxon::test::pickled {

/// What a repository's releases do to a module before they save it.
struct ModuleForm {
    bool anchor_grid = false;  ///< registers it as a buffer beside `anchors`
    bool fused = false;        ///< folds normalisations (`bn`) into biases of their convolutions
};

/// A checkpoint of torch.save that holds a network as a pickled module, as that repository writes them: halves, modules
/// in modules.
class ModuleWriter {
  public:
    ModuleWriter(GraphView graph, const WeightSource& source, ModuleForm form = {}) : source_(source) {
        for (const Parameter& p : graph.parameters) {
            Tensor tensor{std::string(graph.name(p)), std::string(graph.name(p)),
                          Dimensions(p.shape.begin(), p.shape.begin() + p.rank), p.role};
            if (const std::size_t norm = tensor.name.find(".bn."); form.fused && norm != std::string::npos) {
                if (!tensor.name.ends_with(".bn.bias")) continue;
                tensor.name.replace(norm, 4, ".conv.");
            }
            tensors_.push_back(tensor);
            if (!form.anchor_grid || !tensor.name.ends_with(".anchors")) continue;
            tensor.name.replace(tensor.name.size() - 7, 7, "anchor_grid");
            tensor.shape = {3, 1, 3, 1, 1, 2};
            tensors_.push_back(tensor);
        }
    }

    std::string bytes() {
        const std::string model = module("", {text("names"), list({text("cat"), text("dog")})});
        const std::string pickle = program(dict({text("epoch"), integer(-1), text("model"), none, text("ema"), model}));
        return zip_of(zip_parts(pickle, storages_)).bytes;
    }

  private:
    struct Tensor {
        std::string name, source;  ///< source: its name there
        Dimensions shape;
        Role role;
    };

    /// The module whose parameters' names start so; numbers are children, as all that has a dot behind it.
    std::string module(const std::string& prefix, std::vector<std::string> attributes = {}) {
        std::vector<std::string> own, children, seen;
        for (const Tensor& tensor : tensors_) {
            if (!tensor.name.starts_with(prefix)) continue;
            const std::string rest(tensor.name.substr(prefix.size())), first = rest.substr(0, rest.find('.'));
            if (std::find(seen.begin(), seen.end(), first) != seen.end()) continue;
            seen.push_back(first);
            if (first.size() == rest.size()) own.insert(own.end(), {text(first), tensor_of(tensor)});
            else children.insert(children.end(), {text(first), module(prefix + first + ".")});
        }
        std::vector<std::string> state{text("_parameters"), ordered_dict(own), text("_buffers"),
                                       ordered_dict(),      text("_modules"),  ordered_dict(children)};
        state.insert(state.end(), attributes.begin(), attributes.end());
        return object(name("models.yolo", "Model"), dict(state));
    }

    std::string tensor_of(const Tensor& tensor) {
        const std::string key = std::to_string(storages_.size());
        std::size_t count = 1;
        for (const std::int64_t size : tensor.shape) count *= static_cast<std::size_t>(size);
        std::vector<float> numbers(count);
        if (tensor.role == Role::preset)
            for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(i + 1) / 4;
        else source_.read(tensor.source, tensor.shape, numbers);
        std::string bytes;
        for (const float x : numbers) bytes += little(to_half(x).bits, 2);
        storages_[key] = bytes;
        std::vector<std::string> sizes, strides;
        std::int64_t left = static_cast<std::int64_t>(count);
        for (const std::int64_t size : tensor.shape)
            sizes.push_back(integer(size)), strides.push_back(integer(left /= size));
        const std::string held = storage(key, static_cast<std::int64_t>(count), name("torch", "HalfStorage"));
        return rebuild(held, integer(0), tuple(sizes), tuple(strides));
    }

    const WeightSource& source_;
    std::vector<Tensor> tensors_{};
    std::map<std::string, std::string> storages_{};
};

}  // namespace taxon::test::pickled
