#pragma once
#include <map>
#include <string>
#include <string_view>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/graph.hpp>
#include <vector>

#include "io/checkpoint_writer.hpp"

namespace taxon::test::pickled {

/// State dicts of float32 for one checkpoint of torch.save.
class StateDictWriter {
  public:
    /// A graph's parameters as `source` has them, `prefix` in front of their names.
    std::string dict_of(GraphView graph, const WeightSource& source, const std::string& prefix = {}) {
        std::vector<std::string> members;
        for (const Parameter& p : graph.parameters) {
            std::vector<float> numbers(static_cast<std::size_t>(p.count()));
            source.read(graph.name(p), Dimensions(p.shape.begin(), p.shape.begin() + p.rank), numbers);
            const std::string key = std::to_string(storages_.size());
            storages_[key] = {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
            std::vector<std::string> sizes, strides;
            for (long left = p.count(), i = 0; i < p.rank; ++i) {
                const int size = p.shape[static_cast<std::size_t>(i)];
                sizes.push_back(integer(size)), strides.push_back(integer(left /= size));
            }
            members.push_back(text(prefix + std::string(graph.name(p))));
            members.push_back(rebuild(storage(key, p.count()), integer(0), tuple(sizes), tuple(strides)));
        }
        return ordered_dict(members);
    }

    /// The file with `value`, which dicts made here are part of.
    std::vector<ZipPart> parts(const std::string& value) const { return zip_parts(program(value), storages_); }
    std::string file(const std::string& value) const { return zip_of(parts(value)).bytes; }

  private:
    std::map<std::string, std::string> storages_{};
};

}  // namespace taxon::test::pickled
