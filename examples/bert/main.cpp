#include <array>
#include <taxon/app/text_program.hpp>

int main(int argc, char** argv) {
    using taxon::text::Case;
    constexpr std::array<taxon::app::TextVariant, 3> variants{{{"minilm-l6", Case::uncased}, {"base-cased", Case::cased}, {"base-uncased", Case::uncased}}};
    return taxon::app::text_main(argc, argv, {.name = "bert", .variants = variants});
}
