#include <taxon/zoo/mobilenet_v3.hpp>

#include "program.hpp"
#include "whole_model.hpp"

int main(int argc, char** argv) {
    return taxon::benchmarks::run_program(argc, argv, [](taxon::cpu::Isa isa) {
        taxon::benchmarks::add_network<taxon::zoo::MobileNetV3Small<>>("mobilenet_v3_small", isa);
        taxon::benchmarks::add_network<taxon::zoo::MobileNetV3Large<>>("mobilenet_v3_large", isa);
    });
}
