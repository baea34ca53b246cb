// Convolutions of every kind beside a dense 3x3 of the same depth and as many outputs, on each instruction set. The
// dense ones have no padding, because the planner would choose Winograd for them otherwise.
#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/conv_transpose2d.hpp>
#include <taxon/layer/sequential.hpp>

#include "../../../steps.hpp"

namespace {

using namespace taxon;

template <class Layer, int Channels, int Height, int Width>
struct Single {
    static constexpr Shape input{Channels, Height, Width};
    static constexpr void trace(Tracer& tracer) { Sequential<Layer>::trace(tracer); }
};

template <class Layer, int Channels, int Height = 56, int Width = Height>
void add(const char* name) {
    for (const auto isa : {cpu::Isa::avx2, cpu::Isa::avx512})
        if (cpu::supported(isa))
            benchmarks::add_steps(benchmarks::Network::of<Single<Layer, Channels, Height, Width>>(
                                      std::string(name) + "/" + std::string(cpu::name_of(isa))),
                                  isa);
}

const bool added = [] {
    add<Conv2d<4, 128, 3, 1, 1, false, 0>, 4>("dense of 4");
    add<Conv2d<128, 128, 3, 1, 32>, 128>("groups of 4");
    add<Conv2d<8, 128, 3, 1, 1, false, 0>, 8>("dense of 8");
    add<Conv2d<128, 128, 3, 1, 16>, 128>("groups of 8");
    add<Conv2d<16, 128, 3, 1, 1, false, 0>, 16>("dense of 16");
    add<Conv2d<128, 128, 3, 1, 8>, 128>("groups of 16");
    add<Conv2d<32, 128, 3, 1, 1, false, 0>, 32>("dense of 32");
    add<Conv2d<128, 128, 3, 1, 4>, 128>("groups of 32");
    add<Conv2d<64, 64, 3, 1, 1, false, 0>, 64>("dense of 64");
    add<Conv2d<64, 64, 3, 1, 1, false, 2, 2>, 64>("dilated of 64");
    add<Conv2d<64, 64, Extent{1, 7}>, 64>("1x7 of 64");
    add<Conv2d<64, 64, Extent{7, 1}>, 64>("7x1 of 64");
    add<ConvTranspose2d<64, 64, 4, 2, 1, false, 1>, 64, 28>("transposed of 64");
    add<Conv1d<64, 64, 9>, 64, 1, 3136>("one dimension of 64");
    return true;
}();

}  // namespace
