#pragma once
#include <taxon/core/error.hpp>
#include <taxon/graph/port_numbers.hpp>

namespace taxon {

TAXON_DECL std::string text_of(const Port& port) {
    Text<64> shape;
    shape << port.shape;
    return std::string(port.name) + (port.name.empty() ? "" : " ") + std::string(shape.view());
}

TAXON_DECL std::string text_of(std::span<const Port> ports) {
    std::string all;
    for (const Port& port : ports) all.append(all.empty() ? "" : ", ").append(text_of(port));
    return all;
}

namespace detail {

/// The port that the i-th of a list is for. Throws as find_in_list does.
template <class Number>
std::size_t port_of(std::span<const Port> ports, std::span<const PortSpan<Number>> list, std::size_t i,
                    const std::string& kind) {
    if (list.size() != ports.size())
        throw Error(Fault::shape, {.place = kind + "s",
                                   .found = std::to_string(list.size()),
                                   .wanted = std::to_string(ports.size()) + ": " + text_of(ports)});
    const std::string_view name = list[i].name;
    if (name.empty()) return i;
    for (std::size_t port = 0; port < ports.size(); ++port)
        if (ports[port].name == name) return port;
    throw Error(Fault::usage,
                {.place = kind + "s", .found = "'" + std::string(name) + "'", .wanted = "one of " + text_of(ports)});
}

template <class Number>
void fill_from_list(std::span<const Port> ports, std::span<const PortSpan<Number>> list, std::size_t batch, int length,
                    const std::string& kind, std::span<PortNumbers<Number>> to) {
    for (PortNumbers<Number>& numbers : to) numbers = {};
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const std::size_t at = port_of(ports, list, i, kind), size = ports[at].shape.size_of(length);
        if (to[at].stride != 0)
            throw Error(Fault::shape, {.place = kind + " " + text_of(ports[at]),
                                       .found = "it twice",
                                       .wanted = "one each: " + text_of(ports)});
        if (list[i].numbers.size() != batch * size)
            throw Error(Fault::shape, {.place = kind + " " + text_of(ports[at]),
                                       .found = std::to_string(list[i].numbers.size()) + " numbers",
                                       .wanted = std::to_string(batch * size) + ", those of " + std::to_string(batch) +
                                                 (batch == 1 ? " sample" : " samples")});
        to[at] = {list[i].numbers.data(), size};
    }
}

}  // namespace detail

TAXON_DECL void find_in_list(std::span<const Port> ports, std::span<const InputSpan> list, std::size_t batch,
                             int length, std::span<InputNumbers> to) {
    detail::fill_from_list(ports, list, batch, length, "input", to);
}

TAXON_DECL void find_in_list(std::span<const Port> ports, std::span<const OutputSpan> list, std::size_t batch,
                             int length, std::span<OutputNumbers> to) {
    detail::fill_from_list(ports, list, batch, length, "output", to);
}

TAXON_DECL std::size_t batch_of(std::span<const Port> ports, std::span<const InputSpan> list, int length) {
    const Port& first = ports[detail::port_of(ports, list, 0, "input")];
    const std::size_t size = first.shape.size_of(length), found = list.front().numbers.size();
    if (found == 0 || found % size != 0)
        throw Error(Fault::shape, {.place = "input " + text_of(first),
                                   .found = std::to_string(found) + " numbers",
                                   .wanted = "samples of " + std::to_string(size)});
    return found / size;
}

TAXON_DECL std::vector<std::vector<float>> outputs_for(std::span<const Port> ports, std::size_t batch, int length) {
    std::vector<std::vector<float>> outputs;
    for (const Port& port : ports) outputs.emplace_back(batch * port.shape.size_of(length));
    return outputs;
}

}  // namespace taxon
