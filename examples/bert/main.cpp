#include <taxon/app/model/entry.hpp>
#include <taxon/app/text/program.hpp>

int main(int argc, char** argv) {
    return taxon::app::text_main(argc, argv, {.name = "bert", .entries = taxon::app::built_models()});
}
