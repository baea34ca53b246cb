#pragma once
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>

namespace taxon::app {

/// The value of an environment variable, null if it is not set.
using Variables = std::function<const char*(const char* name)>;

/// A share, and the variable that it was read from.
struct EnvironmentShard {
    std::size_t part = 0, of = 1;
    const char* from = "";
};

/// Reads which share of how many a scheduler has given this process: an element of a Slurm array, an index of a
/// Kubernetes Indexed Job, or else a rank of Open MPI, of another MPI (PMI) or of srun.
class ShardEnvironment {
  public:
    explicit ShardEnvironment(Variables variables = [](const char* name) { return std::getenv(name); })
        : variables_(std::move(variables)) {}

    /// `count`: the number of shares where the command line states it, else TAXON_SHARDS where that is set. Throws
    /// Fault::usage, naming the variable, if none is set, or some are empty or contradict each other.
    EnvironmentShard shard(std::optional<std::size_t> count) const {
        if (!count && variables_("TAXON_SHARDS") != nullptr) count = number("TAXON_SHARDS");
        if (count && *count == 0) refuse("TAXON_SHARDS", "0", "the number of shares");
        const auto array = slurm_array(count), job = kubernetes(count);
        if (array && job)
            refuse("SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX", "both", "one scheduler", "unset the other's");
        const auto rank = ranks();
        const auto& element = array ? array : job;
        if (element && rank && rank->of > 1)
            refuse(rank->from, std::to_string(rank->of) + " ranks in one element of " + element->from,
                   "one process for each element", "--shard I/N states the share");
        if (element) return *element;
        if (!rank)
            refuse("--shard auto",
                   "none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, OMPI_COMM_WORLD_RANK, PMI_RANK and "
                   "SLURM_STEP_NUM_TASKS",
                   "an array, an Indexed Job, mpirun or srun", "--shard I/N states the share");
        if (count && *count != rank->of)
            refuse(rank->from, std::to_string(rank->of) + " ranks", std::to_string(*count) + ", as was stated");
        return *rank;
    }

  private:
    [[noreturn]] static void refuse(std::string_view place, std::string_view found, std::string_view wanted,
                                    std::string_view remedy = {}) {
        throw Error(Fault::usage, {.place = place, .found = found, .wanted = wanted, .remedy = remedy});
    }

    std::size_t number(const char* name) const {
        const char* text = variables_(name);
        const std::string_view digits = text == nullptr ? std::string_view() : text;
        std::size_t value = 0;
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (digits.empty() || failure != std::errc() || end != digits.data() + digits.size())
            refuse(name, text == nullptr ? "nothing" : "'" + std::string(digits) + "'", "a whole number");
        return value;
    }

    static void require_below(const char* name, std::size_t part, std::size_t of) {
        if (part >= of)
            refuse(name, std::to_string(part), "a number below " + std::to_string(of), "shares are numbered from 0");
    }

    /// With a stated count, an array may be the part of a larger one that is to be repeated.
    std::optional<EnvironmentShard> slurm_array(std::optional<std::size_t> stated) const {
        constexpr const char* name = "SLURM_ARRAY_TASK_ID";
        if (variables_(name) == nullptr) return std::nullopt;
        const std::size_t id = number(name);
        if (stated) {
            require_below(name, id, *stated);
            return EnvironmentShard{id, *stated, name};
        }
        const std::size_t count = number("SLURM_ARRAY_TASK_COUNT"), first = number("SLURM_ARRAY_TASK_MIN"),
                          step = number("SLURM_ARRAY_TASK_STEP");
        if (count == 1)
            refuse("SLURM_ARRAY_TASK_COUNT", "1, which may be the part of an array that is repeated", "more elements",
                   "--shard auto/N states the number of shares");
        if (step == 0 || id < first || (id - first) % step != 0 || (id - first) / step >= count)
            refuse(name, std::to_string(id),
                   "one of " + std::to_string(count) + " from SLURM_ARRAY_TASK_MIN=" + std::to_string(first) +
                       " in steps of SLURM_ARRAY_TASK_STEP=" + std::to_string(step),
                   "--array=0-" + std::to_string(count == 0 ? 0 : count - 1) + ", or --shard auto/N");
        return EnvironmentShard{(id - first) / step, count, name};
    }

    std::optional<EnvironmentShard> kubernetes(std::optional<std::size_t> stated) const {
        constexpr const char* name = "JOB_COMPLETION_INDEX";
        if (variables_(name) == nullptr) return std::nullopt;
        const std::size_t index = number(name);
        if (!stated)
            refuse("TAXON_SHARDS", "nothing beside JOB_COMPLETION_INDEX", "the Job's number of completions",
                   "--shard auto/N states it as well");
        require_below(name, index, *stated);
        return EnvironmentShard{index, *stated, name};
    }

    /// mpirun within a Slurm allocation inherits the rank of its own daemon, so its variables come first; srun's count
    /// of a step's tasks is not set in a batch script, which is one process whatever --ntasks says.
    std::optional<EnvironmentShard> ranks() const {
        struct Pair {
            const char *rank, *size, *present;
        };
        for (const auto& [rank, size, present] :
             {Pair{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", nullptr}, Pair{"PMI_RANK", "PMI_SIZE", nullptr},
              Pair{"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_STEP_NUM_TASKS"}}) {
            const bool rank_is_set = variables_(rank) != nullptr, size_is_set = variables_(size) != nullptr;
            if (present != nullptr ? variables_(present) == nullptr : !rank_is_set && !size_is_set) continue;
            const std::size_t part = number(rank), of = number(size);
            require_below(rank, part, of);
            return EnvironmentShard{part, of, rank};
        }
        return std::nullopt;
    }

    Variables variables_;
};

}  // namespace taxon::app
