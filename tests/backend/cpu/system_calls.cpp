#include <taxon/model.hpp>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// A step of every common kind.
struct Small : Sequential<Conv2d<3, 16, 3, 2>, BatchNorm2d<16>, HardSwish, Conv2d<16, 16, 3, 1, 16>, Residual<Sequential<Conv2d<16, 24, 3>, SiLU, Conv2d<24, 16, 1>>>,
                          MaxPool2d<3, 2, 1>, GlobalAveragePool, Linear<16, 10>> {
    static constexpr Shape input{3, 32, 32};
};

/// Runs `work` in a child that the kernel kills at its first system call but read, write and exit. Whether it lived.
template <class Work>
bool makes_no_system_call(Work work) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        prctl(PR_SET_SECCOMP, 1);  // SECCOMP_MODE_STRICT
        work();
        syscall(SYS_exit, 0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("an inference on one thread makes no system call") {
    const auto model = Model<Small>::load(io::SyntheticWeights::parse("synthetic"), {.threads = 1});
    Model<Small>::Workspace workspace;
    const auto sample = io::synthetic_input("", "input", 3 * 32 * 32);
    std::vector<float> output(10);
    model(sample, output, workspace);  // the workspace is allocated now
    CHECK(makes_no_system_call([&] {
        for (int run = 0; run < 100; ++run) model(sample, output, workspace);
    }));
    CHECK_FALSE(makes_no_system_call([] { getppid(); }));  // the trap itself works
}
