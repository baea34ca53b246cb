#pragma once
#include <taxon/app/program/verb.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// A verb, `eval` or `infer`, with its verb `merge`.
template <class Main, class Merge>
class WithMerge final : public Verb {
  public:
    CLI::App* add(CLI::App& program, const Family& family) override {
        CLI::App* verb = main_.add(program, family);
        merge_given_ = merge_.add(*verb, family);
        return verb;
    }
    int run(const Program& program, Console& console) const override {
        const Verb& verb = *merge_given_ ? static_cast<const Verb&>(merge_) : main_;
        return verb.run(program, console);
    }

  private:
    Main main_;
    Merge merge_;
    const CLI::App* merge_given_ = nullptr;
};

}  // namespace taxon::app
