#include <taxon/app/shard/environment.hpp>

#include "catch.hpp"

#include <map>

using namespace taxon;
using namespace taxon::app;

namespace {

using Set = std::map<std::string, const char*>;

/// "2/8 by NAME", or the error's line.
std::string shard(const Set& set, std::optional<std::size_t> count = std::nullopt) {
    const ShardEnvironment environment([&](const char* name) {
        const auto at = set.find(name);
        return at == set.end() ? nullptr : at->second;
    });
    try {
        const auto [part, of, from] = environment.shard(count);
        return std::to_string(part) + "/" + std::to_string(of) + " by " + from;
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::usage);
        return error.what();
    }
}

Set array(const char* id, const char* count, const char* first, const char* step) {
    return {{"SLURM_ARRAY_TASK_ID", id},
            {"SLURM_ARRAY_TASK_COUNT", count},
            {"SLURM_ARRAY_TASK_MIN", first},
            {"SLURM_ARRAY_TASK_STEP", step}};
}

Set joined(Set one, const Set& other) {
    one.insert(other.begin(), other.end());
    return one;
}

}  // namespace

TEST_CASE("a share is read from Slurm arrays, Indexed Jobs and ranks") {
    CHECK(shard(array("2", "8", "0", "1")) == "2/8 by SLURM_ARRAY_TASK_ID");
    CHECK(shard(array("7", "4", "1", "2")) == "3/4 by SLURM_ARRAY_TASK_ID");
    CHECK(shard({{"JOB_COMPLETION_INDEX", "3"}, {"TAXON_SHARDS", "5"}}) == "3/5 by JOB_COMPLETION_INDEX");
    CHECK(shard({{"JOB_COMPLETION_INDEX", "3"}}, 4) == "3/4 by JOB_COMPLETION_INDEX");
    CHECK(shard({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}}) == "1/2 by OMPI_COMM_WORLD_RANK");
    CHECK(shard({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}) == "1/2 by PMI_RANK");
    CHECK(shard({{"SLURM_PROCID", "5"}, {"SLURM_STEP_NUM_TASKS", "6"}}) == "5/6 by SLURM_PROCID");
}

TEST_CASE("mpirun's own ranks come before those of the srun that started its daemons") {
    const Set daemon{{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "2"}};
    CHECK(shard(joined({{"OMPI_COMM_WORLD_RANK", "7"}, {"OMPI_COMM_WORLD_SIZE", "8"}}, daemon)) ==
          "7/8 by OMPI_COMM_WORLD_RANK");
    // an element of an array is one step of one task
    CHECK(shard(joined(array("2", "8", "0", "1"), {{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}})) ==
          "2/8 by SLURM_ARRAY_TASK_ID");
}

TEST_CASE("a stated count serves the part of an array that is repeated") {
    CHECK(shard(array("5", "1", "5", "1"), 8) == "5/8 by SLURM_ARRAY_TASK_ID");
    CHECK(shard(joined(array("5", "2", "3", "2"), {{"TAXON_SHARDS", "8"}})) == "5/8 by SLURM_ARRAY_TASK_ID");
    CHECK(shard(array("5", "1", "5", "1")).starts_with("SLURM_ARRAY_TASK_COUNT: [usage] found 1, which may be"));
}

TEST_CASE("an empty or contradictory environment names its variable") {
    CHECK(shard({}).starts_with("--shard auto: [usage] found none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX"));
    // a batch script is one process, whatever --ntasks says
    CHECK(shard({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "8"}}).starts_with("--shard auto: [usage] found none of"));
    const auto names = [](const std::string& line, const std::string& place) {
        INFO(line);
        CHECK(line.starts_with(place + ": [usage] found "));
    };
    for (const char* bad : {"", " 1", "1 ", "-1", "x", "1.0", "99999999999999999999"}) {
        names(shard(array(bad, "8", "0", "1")), "SLURM_ARRAY_TASK_ID");
        names(shard(array("2", bad, "0", "1")), "SLURM_ARRAY_TASK_COUNT");
        names(shard(array("2", "8", bad, "1")), "SLURM_ARRAY_TASK_MIN");
        names(shard(array("2", "8", "0", bad)), "SLURM_ARRAY_TASK_STEP");
        names(shard({{"JOB_COMPLETION_INDEX", bad}}, 4), "JOB_COMPLETION_INDEX");
        names(shard({{"JOB_COMPLETION_INDEX", "0"}, {"TAXON_SHARDS", bad}}), "TAXON_SHARDS");
        names(shard({{"OMPI_COMM_WORLD_RANK", bad}, {"OMPI_COMM_WORLD_SIZE", "2"}}), "OMPI_COMM_WORLD_RANK");
        names(shard({{"PMI_RANK", "0"}, {"PMI_SIZE", bad}}), "PMI_SIZE");
        names(shard({{"SLURM_PROCID", bad}, {"SLURM_STEP_NUM_TASKS", "2"}}), "SLURM_PROCID");
    }
    names(shard({{"SLURM_ARRAY_TASK_ID", "1"}}), "SLURM_ARRAY_TASK_COUNT");
    names(shard({{"JOB_COMPLETION_INDEX", "1"}}), "TAXON_SHARDS");
    names(shard({{"PMI_RANK", "1"}}), "PMI_SIZE");
    names(shard({{"OMPI_COMM_WORLD_SIZE", "2"}}), "OMPI_COMM_WORLD_RANK");
    names(shard({{"PMI_RANK", "2"}, {"PMI_SIZE", "2"}}), "PMI_RANK");
    names(shard({{"JOB_COMPLETION_INDEX", "4"}}, 4), "JOB_COMPLETION_INDEX");
    names(shard(array("8", "8", "0", "1"), 8), "SLURM_ARRAY_TASK_ID");
    names(shard(array("7", "3", "1", "1")), "SLURM_ARRAY_TASK_ID");  // --array=1,3,7
    names(shard(array("2", "3", "1", "2")), "SLURM_ARRAY_TASK_ID");
    names(shard(array("0", "3", "1", "1")), "SLURM_ARRAY_TASK_ID");
    names(shard({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}}, 4), "OMPI_COMM_WORLD_RANK");
    names(shard(joined(array("2", "8", "0", "1"), {{"JOB_COMPLETION_INDEX", "0"}}), 8),
          "SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX");
    names(shard(joined(array("2", "8", "0", "1"), {{"PMI_RANK", "0"}, {"PMI_SIZE", "2"}})), "PMI_RANK");
    names(shard({{"JOB_COMPLETION_INDEX", "0"}, {"TAXON_SHARDS", "0"}}), "TAXON_SHARDS");
}
