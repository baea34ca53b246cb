#pragma once
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/separate_compilation.hpp>
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
TAXON_DECL std::string text_of(const Port& port);
TAXON_DECL std::string text_of(std::span<const Port> ports);

/// Fills `to`, in the order of `ports`, from a list for `batch` samples. Throws Fault::usage for an unknown name, and
/// Fault::shape for another number of ports, one that is given twice, or numbers that are not those of `batch` samples.
TAXON_DECL void find_in_list(std::span<const Port> ports, std::span<const InputSpan> list, std::size_t batch,
                             int length, std::span<InputNumbers> to);
TAXON_DECL void find_in_list(std::span<const Port> ports, std::span<const OutputSpan> list, std::size_t batch,
                             int length, std::span<OutputNumbers> to);

/// The number of samples in a list of inputs, by its first one. Throws as find_in_list does.
TAXON_DECL std::size_t batch_of(std::span<const Port> ports, std::span<const InputSpan> list, int length);

/// Memory for the outputs of `batch` samples, in the order of `ports`.
TAXON_DECL std::vector<std::vector<float>> outputs_for(std::span<const Port> ports, std::size_t batch, int length);

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/graph/impl/port_numbers.ipp>
#endif
