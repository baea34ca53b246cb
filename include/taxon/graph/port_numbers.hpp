#pragma once
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/graph/port.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace taxon {

/// A port's numbers for N samples, (N, C, H, W), as a caller gives them: by name, or by their place in a list.
template <class Number>
struct PortSpan {
    std::string_view name{};
    std::span<Number> numbers{};

    template <std::convertible_to<std::span<Number>> Numbers>
    PortSpan(Numbers&& of_its_place) : numbers(std::forward<Numbers>(of_its_place)) {}
    PortSpan(std::string_view its_name, std::span<Number> its_numbers) : name(its_name), numbers(its_numbers) {}
};
using InputSpan = PortSpan<const float>;
using OutputSpan = PortSpan<float>;

/// A port's numbers in memory: the first sample's, and the distance from one sample's to the next one's.
template <class Number>
struct PortNumbers {
    Number* first = nullptr;
    std::size_t stride = 0;

    Number* of(std::size_t sample) const { return first + sample * stride; }
};
using InputNumbers = PortNumbers<const float>;
using OutputNumbers = PortNumbers<float>;

/// Fills `to` for samples whose ports lie one after the other.
template <class Number>
void find_end_to_end(std::span<const Port> ports, Number* first, int length,
                     std::type_identity_t<std::span<PortNumbers<Number>>> to) {
    const std::size_t stride = sample_size(ports, length);
    for (std::size_t i = 0; i < ports.size(); first += ports[i++].shape.size_of(length)) to[i] = {first, stride};
}

/// "3 x 224 x 224", or with a name "picture 3 x 224 x 224".
inline std::string text_of(const Port& port) {
    Text<64> shape;
    shape << port.shape;
    return std::string(port.name) + (port.name.empty() ? "" : " ") + std::string(shape.view());
}

inline std::string text_of(std::span<const Port> ports) {
    std::string all;
    for (const Port& port : ports) all.append(all.empty() ? "" : ", ").append(text_of(port));
    return all;
}

namespace detail {

/// The port that the i-th of a list is for. Throws as find_in_list does.
template <class Number>
std::size_t port_of(std::span<const Port> ports, std::span<const PortSpan<Number>> list, std::size_t i,
                    std::string_view kind) {
    if (list.size() != ports.size())
        throw Error(Fault::shape, {.place = std::string(kind) + "s",
                                   .found = std::to_string(list.size()),
                                   .wanted = std::to_string(ports.size()) + ": " + text_of(ports)});
    const std::string_view name = list[i].name;
    if (name.empty()) return i;
    for (std::size_t port = 0; port < ports.size(); ++port)
        if (ports[port].name == name) return port;
    throw Error(
        Fault::usage,
        {.place = std::string(kind) + "s", .found = "'" + std::string(name) + "'", .wanted = "of " + text_of(ports)});
}

}  // namespace detail

/// Fills `to`, in the order of `ports`, from a list for `batch` samples. `kind`: "input" or "output". Throws
/// Fault::usage for an unknown name, and Fault::shape for another number of ports, one that is given twice, or numbers
/// that are not those of `batch` samples.
template <class Number>
void find_in_list(std::span<const Port> ports, std::span<const PortSpan<Number>> list, std::size_t batch, int length,
                  std::string_view kind, std::type_identity_t<std::span<PortNumbers<Number>>> to) {
    for (PortNumbers<Number>& numbers : to) numbers = {};
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const std::size_t at = detail::port_of(ports, list, i, kind), size = ports[at].shape.size_of(length);
        if (to[at].stride != 0)
            throw Error(Fault::shape, {.place = std::string(kind) + " " + text_of(ports[at]),
                                       .found = "it twice",
                                       .wanted = "one each: " + text_of(ports)});
        if (list[i].numbers.size() != batch * size)
            throw Error(Fault::shape, {.place = std::string(kind) + " " + text_of(ports[at]),
                                       .found = std::to_string(list[i].numbers.size()) + " numbers",
                                       .wanted = std::to_string(batch * size) + ", those of " + std::to_string(batch) +
                                                 (batch == 1 ? " sample" : " samples")});
        to[at] = {list[i].numbers.data(), size};
    }
}

/// The samples in a list of inputs, by its first one, which may have an incomplete one more. Throws as find_in_list
/// does.
inline std::size_t batch_of(std::span<const Port> ports, std::span<const InputSpan> list, int length) {
    const Port& first = ports[detail::port_of(ports, list, 0, "input")];
    return list.front().numbers.size() / first.shape.size_of(length);
}

/// Memory for the outputs of `batch` samples, in the order of `ports`.
inline std::vector<std::vector<float>> outputs_for(std::span<const Port> ports, std::size_t batch, int length) {
    std::vector<std::vector<float>> outputs;
    for (const Port& port : ports) outputs.emplace_back(batch * port.shape.size_of(length));
    return outputs;
}

}  // namespace taxon
