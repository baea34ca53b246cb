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

/// A checkpoint of torch.save that holds a network as a pickled module, as that repository writes them: halves, modules
/// in modules.
class ModuleWriter {
  public:
    ModuleWriter(GraphView graph, const WeightSource& source) : graph_(graph), source_(source) {
        for (const Parameter& p : graph.parameters) parameters_.emplace_back(graph.name(p), &p);
    }

    std::string bytes() {
        const std::string model = module("", {text("names"), list({text("cat"), text("dog")})});
        const std::string pickle = program(dict({text("epoch"), integer(-1), text("model"), none, text("ema"), model}));
        return zip_of(zip_parts(pickle, storages_)).bytes;
    }

  private:
    /// The module whose parameters' names start so; numbers are children, as all that has a dot behind it.
    std::string module(const std::string& prefix, std::vector<std::string> attributes = {}) {
        std::vector<std::string> own, children, seen;
        for (const auto& [name, parameter] : parameters_) {
            if (!name.starts_with(prefix)) continue;
            const std::string rest(name.substr(prefix.size())), first = rest.substr(0, rest.find('.'));
            if (std::find(seen.begin(), seen.end(), first) != seen.end()) continue;
            seen.push_back(first);
            if (first.size() == rest.size()) own.insert(own.end(), {text(first), tensor_of(name, *parameter)});
            else children.insert(children.end(), {text(first), module(prefix + first + ".")});
        }
        std::vector<std::string> state{text("_parameters"), ordered_dict(own), text("_buffers"),
                                       ordered_dict(),      text("_modules"),  ordered_dict(children)};
        state.insert(state.end(), attributes.begin(), attributes.end());
        return object(name("models.yolo", "Model"), dict(state));
    }

    std::string tensor_of(std::string_view called, const Parameter& p) {
        const std::string key = std::to_string(storages_.size());
        const auto count = static_cast<std::size_t>(p.count());
        std::vector<float> numbers(count);
        if (p.role == Role::preset)
            for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(i + 1) / 4;
        else source_.read(called, Dimensions(p.shape.begin(), p.shape.begin() + p.rank), numbers);
        std::string bytes;
        for (const float x : numbers) bytes += little(to_half(x).bits, 2);
        storages_[key] = bytes;
        std::vector<std::string> sizes, strides;
        for (int i = 0; i < p.rank; ++i) {
            std::int64_t stride = 1;
            for (int k = i + 1; k < p.rank; ++k) stride *= p.shape[static_cast<std::size_t>(k)];
            sizes.push_back(integer(p.shape[static_cast<std::size_t>(i)])), strides.push_back(integer(stride));
        }
        const std::string held = storage(key, static_cast<std::int64_t>(count), name("torch", "HalfStorage"));
        return rebuild(held, integer(0), tuple(sizes), tuple(strides));
    }

    GraphView graph_;
    const WeightSource& source_;
    std::vector<std::pair<std::string_view, const Parameter*>> parameters_{};
    std::map<std::string, std::string> storages_{};
};

}  // namespace taxon::test::pickled
