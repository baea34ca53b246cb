#pragma once
#include <boost/hana/cartesian_product.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/core/text.hpp>
#include <taxon/policy/execution.hpp>
#include <taxon/policy/precision.hpp>
#include <vector>

namespace taxon::app {

/// A variant of a family under its command-line name: `struct Small : Variant<"small", zoo::MobileNetV3Small<>,
/// preprocess::ImageNet<224>> {};` `Size`: the side of its pictures, of variants that come in several sizes. A member
/// `using O2 = precision::MixedPrecision<"o2", …>` is the mix of precisions that `gen --level O2` found to be good for
/// it.
template <FixedString Name, class A, class P, int Size = 0>
class Variant {
    static constexpr Text<16> text = [] {
        Text<16> digits;
        if (Size > 0) digits << Size;
        return digits;
    }();

  public:
    static constexpr std::string_view name = Name.view(), size = text.view();
    using Architecture = A;
    using Preprocess = P;
};

/// A model type of the table. Only declared here: each is compiled in a file of its own that includes
/// entry_definition.hpp.
template <class Variant, class Precision, class Execution>
struct Entry {
    static ModelEntry entry();            ///< of the Cpu backend
    static ModelEntry reference_entry();  ///< the same network on the Reference backend, which knows float32 only
};

namespace detail {

/// The parts of a word before and after a mark; all and nothing if it is not there.
constexpr std::pair<std::string_view, std::string_view> split(std::string_view word, char mark) {
    const std::string_view first = word.substr(0, word.find(mark));
    return {first, word.substr(std::min(first.size() + 1, word.size()))};
}

/// Whether "variant/precision", or "variant@size/precision", is one of the words of a list
/// "small/force_float32;n@640/force_float32".
constexpr bool listed(std::string_view variant, std::string_view size, std::string_view precision,
                      std::string_view list) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(';'), list.size());
        const auto [first, numbers] = split(list.substr(0, end), '/');
        if (split(first, '@') == std::pair(variant, size) && numbers == precision) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

/// Layer by layer, and on the Reference backend, networks are looked at: always in float32.
template <class Precision, class Execution>
inline constexpr bool offered = Execution::fuses || Precision::data_types == DataTypes{};

}  // namespace detail

/// The rows that were chosen when the program was built: those of variants × precisions × executions that the list
/// `Models` names, of words "variant/precision" or "variant@size/precision". Precisions but float32 are fused only;
/// each variant in float32 is on the Reference backend as well. A variant may have a precision of its own, `O2`, a
/// precision::MixedPrecision.
template <FixedString Models, class... Variants>
std::vector<ModelEntry> entries() {
    namespace hana = boost::hana;
    using namespace precision;
    constexpr auto variants = hana::tuple_t<Variants...>;
    constexpr auto precisions = hana::tuple_t<Float32, Float16, BFloat16, QInt8MixedFloat16, QInt8MixedFloat32,
                                              QInt16MixedFloat16, QInt16MixedFloat32>;
    constexpr auto executions = hana::tuple_t<execution::Fused, execution::LayerByLayer>;
    std::vector<ModelEntry> rows;
    hana::for_each(hana::cartesian_product(hana::make_tuple(variants, precisions, executions)), [&](auto row) {
        using V = typename decltype(+row[hana::size_c<0>])::type;
        using P = typename decltype(+row[hana::size_c<1>])::type;
        using E = typename decltype(+row[hana::size_c<2>])::type;
        if constexpr (detail::offered<P, E> && detail::listed(V::name, V::size, P::name, Models.view())) {
            rows.push_back(Entry<V, P, E>::entry());
            if constexpr (!E::fuses) rows.push_back(Entry<V, P, E>::reference_entry());
        }
    });
    hana::for_each(variants, [&](auto variant) {
        using V = typename decltype(variant)::type;
        if constexpr (requires { typename V::O2; })
            if constexpr (detail::listed(V::name, V::size, V::O2::name, Models.view()))
                rows.push_back(Entry<V, typename V::O2, execution::Fused>::entry());
    });
    return rows;
}

}  // namespace taxon::app
