#pragma once
#include <string>
#include <taxon/system/process.hpp>
#include <vector>

namespace taxon::app {

/// The arguments of main in the form that main gets, in UTF-8 on every system.
class Arguments {
  public:
    Arguments(int count, const char* const* given) : texts_(system::arguments(count, given)) {
        for (const std::string& text : texts_) values_.push_back(text.c_str());
    }
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    int count() const { return static_cast<int>(values_.size()); }
    const char* const* values() const { return values_.data(); }

  private:
    std::vector<std::string> texts_;
    std::vector<const char*> values_;
};

}  // namespace taxon::app
