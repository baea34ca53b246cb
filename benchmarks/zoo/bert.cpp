#include <taxon/zoo/bert.hpp>

#include "program.hpp"
#include "steps.hpp"

int main(int argc, char** argv) {
    return taxon::benchmarks::run_program(argc, argv, [](taxon::cpu::Isa isa) {
        taxon::benchmarks::add_steps(taxon::benchmarks::Network::of<taxon::zoo::BertBaseCased<>>("bert_base"), isa);
        taxon::benchmarks::add_steps(taxon::benchmarks::Network::of<taxon::zoo::MiniLmL6<>>("minilm_l6"), isa);
    });
}
