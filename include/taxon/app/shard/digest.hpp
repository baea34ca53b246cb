#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/core/fnv1a.hpp>
#include <taxon/io/crc32c.hpp>
#include <taxon/weights/parameters.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// Tells whether two runs had the same inputs, though their folders differ between machines: 64 bits over the parts in
/// their order, against mistakes, not attacks.
class Digest {
  public:
    void add(std::string_view part) {
        add(part.size());
        sum_.add(part);
    }
    void add(std::uint64_t number) {
        for (int shift = 0; shift < 64; shift += 8) sum_.add(static_cast<unsigned char>(number >> shift & 0xFF));
    }
    /// Sixteen hexadecimal digits.
    std::string text() const { return fmt::format("{:016x}", sum_.value()); }

  private:
    Fnv1a sum_;
};

/// Of the numbers of all weights, wherever they come from; reads them once more, 2 GB/s. Throws as reading them does.
inline std::string weights_digest(const Family& family, const RequestedModel& model, const ModelOptions& options) {
    Digest digest;
    if (model.offline()) {
        for (const std::string_view name : model.offline()->file()->names())
            digest.add(io::Crc32c::of(model.offline()->file()->section(name)));
        return digest.text();
    }
    const GraphView graph = model.entry().graph;
    if (graph.parameters.empty()) return digest.text();
    const OpenedWeights weights = open_weights(family, model.entry(), options);
    const Parameters parameters(graph, *weights.source);
    for (std::size_t i = 0; i < graph.parameters.size(); ++i)
        if (graph.parameters[i].role == Role::trained || graph.parameters[i].role == Role::statistic) {
            const std::vector<float> numbers = parameters[static_cast<int>(i)];
            digest.add(io::Crc32c::of(std::as_bytes(std::span(numbers))));
        }
    return digest.text();
}

}  // namespace taxon::app
