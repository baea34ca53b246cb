#pragma once
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace taxon::app {

/// The energy counters of all processor packages (Linux's powercap, "intel-rapl:N", AMD's too), as far as this user may
/// read them. They count whatever else runs on the packages as well.
class EnergyCounters {
  public:
    explicit EnergyCounters(const std::filesystem::path& powercap = "/sys/class/powercap") {
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(powercap, ignored)) {
            const std::string name = entry.path().filename().string();
            const bool package = name.starts_with("intel-rapl:") && name.find(':') == name.rfind(':');
            if (!package) continue;
            Counter counter{entry.path() / "energy_uj", 0, 0};
            std::ifstream(entry.path() / "max_energy_range_uj") >> counter.range;
            if (const auto value = read(counter.file)) {
                counter.start = *value;
                counters_.push_back(counter);
            }
        }
    }

    /// Joules since construction; nothing if no counter can be read. A counter that has wrapped around once is counted
    /// right, which takes minutes at full load.
    std::optional<double> joules() const {
        if (counters_.empty()) return std::nullopt;
        double sum = 0;
        for (const Counter& counter : counters_) {
            const auto now = read(counter.file);
            if (!now) return std::nullopt;
            sum += *now - counter.start + (*now < counter.start ? counter.range : 0);
        }
        return sum * 1e-6;
    }

  private:
    struct Counter {
        std::filesystem::path file;
        double range, start;  // microjoules
    };

    static std::optional<double> read(const std::filesystem::path& file) {
        double value = 0;
        if (std::ifstream(file) >> value) return value;
        return std::nullopt;
    }

    std::vector<Counter> counters_;
};

}  // namespace taxon::app
