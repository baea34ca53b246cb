#pragma once

namespace taxon::cpu {

/// The caller's own threads, to run the parts of a step instead of the process's pool.
class Executor {
  public:
    virtual ~Executor() = default;

    /// The number of parts worth splitting a step into.
    virtual int size() const = 0;

    /// Calls work(context, part) for every part from 0 to parts − 1, in any order, on any threads, and returns when all
    /// are done. Work does not throw.
    virtual void run(int parts, void (*work)(void* context, int part), void* context) = 0;
};

}  // namespace taxon::cpu
