#include <taxon/zoo/yolov5.hpp>

#include "program.hpp"
#include "whole_model.hpp"

int main(int argc, char** argv) {
    return taxon::benchmarks::run_program(argc, argv, [](taxon::cpu::Isa isa) {
        taxon::benchmarks::add_network<taxon::zoo::Yolov5n<>>("yolov5n", isa);
        taxon::benchmarks::add_network<taxon::zoo::Yolov5s<>>("yolov5s", isa);
    });
}
