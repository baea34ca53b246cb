#include <taxon/zoo/efficientnet_lite.hpp>

#include "program.hpp"
#include "whole_model.hpp"

int main(int argc, char** argv) {
    return taxon::benchmarks::run_program(argc, argv, [](taxon::cpu::Isa isa) {
        taxon::benchmarks::add_network<taxon::zoo::EfficientNetLite0<>>("efficientnet_lite0", isa);
    });
}
