#pragma once

namespace taxon::cpu {

/// A caller's own threads: what runs the parts of a step when the process's own team is not wanted.
class Executor {
  public:
    virtual ~Executor() = default;

    /// How many parts it is worth to cut a step into.
    virtual int size() const = 0;

    /// Calls work(context, part) for every part from 0 to parts − 1, in any order, on any threads, and returns when all
    /// are done. Work does not throw.
    virtual void run(int parts, void (*work)(void* context, int part), void* context) = 0;
};

}  // namespace taxon::cpu
