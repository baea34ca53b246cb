#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <taxon/app/run/groups.hpp>
#include <taxon/app/model/any_model.hpp>
#include <vector>

namespace taxon::app {

/// Sees one input's index, prepared tensor (C, H, W) and raw result. Called once an input, from any of the crew's threads.
using SeeAnswer = std::function<void(std::size_t index, std::span<const float> input, std::span<const float> output)>;

namespace detail {

/// What each worker needs for itself.
struct Desk {
    std::unique_ptr<Network::Scratch> scratch;
    std::vector<float> input, output;
};

inline std::vector<Desk> desks(const Network& network, const Offer& offer, std::size_t batch, const Crew& crew) {
    std::vector<Desk> all(static_cast<std::size_t>(crew.size()));
    for (auto& desk : all)
        desk = {network.scratch(), std::vector<float>(batch * static_cast<std::size_t>(offer.input.size())),
                std::vector<float>(batch * static_cast<std::size_t>(offer.output.size()))};
    return all;
}

}  // namespace detail

/// Runs `count` inputs in groups of `batch`, shared over the crew; prepare(index, tensor) fills each input. The answers do not
/// depend on the number of threads. Throws what prepare or the network throws, of the first input in order.
inline void answer_inputs(const Network& network, const Offer& offer, std::size_t count, std::size_t batch, Crew& crew,
                          const std::function<void(std::size_t, std::span<float>)>& prepare, const SeeAnswer& see) {
    const auto in = static_cast<std::size_t>(offer.input.size()), out = static_cast<std::size_t>(offer.output.size());
    batch = std::min(batch, count);
    auto desks = detail::desks(network, offer, batch, crew);
    for_each_group(count, batch, crew, [&](int worker, Group group) {
        auto& desk = desks[static_cast<std::size_t>(worker)];
        const auto input = std::span(desk.input).first(group.size * in), output = std::span(desk.output).first(group.size * out);
        for (std::size_t i = 0; i < group.size; ++i) prepare(group.first + i, input.subspan(i * in, in));
        network.run(input, output, *desk.scratch);
        for (std::size_t i = 0; i < group.size; ++i) see(group.first + i, input.subspan(i * in, in), output.subspan(i * out, out));
    });
}

}  // namespace taxon::app
