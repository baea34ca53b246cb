#include "app/tiny.hpp"

#include <sstream>
#include <taxon/app/picture/program.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/entry_definition.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/preprocess/steps.hpp>

#include "networks.hpp"

using namespace taxon;

namespace {

template <int Middle>
struct Network {
    static constexpr Shape input{3, 8, 8};
    using Layers = Sequential<Conv2d<3, 8, 3, 2>, BatchNorm2d<8>, ReLU, Conv2d<8, Middle, 1>, ReLU,
                              Conv2d<Middle, 16, 1>, GlobalAveragePool, Linear<16, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

using Preprocess = preprocess::Steps<preprocess::Resize<8>, preprocess::ScaleTo01>;
struct Tiny : app::Variant<Network<16>, Preprocess> {
    using O2 = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "5">;
};
struct Other : app::Variant<Network<24>, Preprocess> {};
struct Lonely : app::Variant<Network<16>, Preprocess> {};

template <class Variant, class Precision>
app::ModelEntry entry(std::string_view variant) {
    return app::Entry<Variant, Precision, execution::Fused>::entry(variant);
}

}  // namespace

std::span<const app::ModelEntry> tiny_offers() {
    static const std::vector<app::ModelEntry> entries{entry<Tiny, precision::Float32>("tiny"),
                                                      entry<Tiny, precision::BFloat16>("tiny"),
                                                      entry<Tiny, precision::QInt8MixedFloat32>("tiny"),
                                                      entry<Tiny, precision::QInt16MixedFloat32>("tiny"),
                                                      entry<Other, precision::Float32>("other"),
                                                      entry<Lonely, precision::QInt8MixedFloat32>("lonely"),
                                                      entry<Tiny, Tiny::O2>("tiny")};
    return entries;
}

Outcome run_tiny(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"/usr/bin/tiny"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = app::classifier_main(static_cast<int>(argv.size()) - 1, argv.data(),
                                          {.name = "tinies", .entries = tiny_offers()}, app::Console{out, err});
    return {code, out.str(), err.str()};
}

void write_pictures(const TestFolder& folder, const std::string& name) {
    std::string table;
    for (int i = 0; i < 10; ++i) {
        const auto level = static_cast<unsigned char>(25 * i);
        const std::string file =
            name + "/" + (i < 5 ? "" : "more/") + std::string(1, static_cast<char>('a' + i)) + ".bmp";
        write_text(folder / file,
                   bmp_of(level, static_cast<unsigned char>(255 - level), static_cast<unsigned char>(level / 2)));
        table += file + "\t0\n";
    }
    write_text(folder / "pictures.tsv", table);
}
