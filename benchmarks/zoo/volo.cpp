#include <taxon/zoo/volo.hpp>

#include "program.hpp"
#include "whole_model.hpp"

int main(int argc, char** argv) {
    return taxon::benchmarks::run_program(
        argc, argv, [](taxon::cpu::Isa isa) { taxon::benchmarks::add_network<taxon::zoo::VoloD2<>>("volo_d2", isa); });
}
