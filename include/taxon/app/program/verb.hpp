#pragma once
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace taxon::app {

struct Console;
struct Family;

/// The running program: the networks built into it, and how it was called.
struct Program {
    const Family& family;
    std::string executable;  ///< argv[0]
};

/// A verb of the command line, with the values of its options. A new one is a file of its own and a line in a list.
class Verb {
  public:
    virtual ~Verb() = default;

    /// Adds the verb with its options to a command line, and returns it.
    virtual CLI::App* add(CLI::App& program, const Family& family) = 0;

    /// Runs the verb with its parsed options, once. Returns the exit code; failures are exceptions.
    virtual int run(const Program& program, Console& console) const = 0;
};

using Verbs = std::vector<std::unique_ptr<Verb>>;

}  // namespace taxon::app
