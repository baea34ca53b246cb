#pragma once
#include <boost/hana/cartesian_product.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <taxon/app/network.hpp>
#include <taxon/core/text.hpp>
#include <taxon/policy/execution.hpp>
#include <taxon/policy/precision.hpp>
#include <vector>

namespace taxon::app {

/// A variant of a family under its command-line name: `struct Small : Variant<"small", zoo::MobileNetV3Small<>, preprocess::ImageNet<224>> {};`
template <FixedString Name, class A, class P>
struct Variant {
    static constexpr std::string_view name = Name.view();
    using Architecture = A;
    using Preprocess = P;
};

/// A model type of the table. Only declared here: each is compiled in a file of its own that includes entry_definition.hpp.
template <class Variant, class Precision, class Execution>
struct Entry {
    static Offer offer();            ///< of the Cpu backend
    static Offer reference_offer();  ///< the same network on the Reference backend
};

namespace detail {

/// Whether `name` is one of the words of a list "small;large".
constexpr bool listed(std::string_view name, std::string_view list) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(';'), list.size());
        if (list.substr(0, end) == name) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

}  // namespace detail

/// The rows that were chosen when the program was built: those of variants × precisions × executions whose names are in the lists,
/// and each variant on the Reference backend.
template <FixedString VariantNames, FixedString PrecisionNames, class... Variants>
std::vector<Offer> offers() {
    namespace hana = boost::hana;
    constexpr auto variants = hana::tuple_t<Variants...>;
    constexpr auto precisions = hana::tuple_t<precision::Float32>;
    constexpr auto executions = hana::tuple_t<execution::Fused, execution::LayerByLayer>;
    std::vector<Offer> rows;
    hana::for_each(hana::cartesian_product(hana::make_tuple(variants, precisions, executions)), [&](auto row) {
        using V = typename decltype(+row[hana::size_c<0>])::type;
        using P = typename decltype(+row[hana::size_c<1>])::type;
        using E = typename decltype(+row[hana::size_c<2>])::type;
        if constexpr (detail::listed(V::name, VariantNames.view()) && detail::listed(P::name, PrecisionNames.view())) {
            rows.push_back(Entry<V, P, E>::offer());
            if (!E::fuses) rows.push_back(Entry<V, P, E>::reference_offer());
        }
    });
    return rows;
}

}  // namespace taxon::app
