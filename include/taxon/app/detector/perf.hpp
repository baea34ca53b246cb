#pragma once
#include <taxon/app/detector/detector_work.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/picture/perf.hpp>

namespace taxon::app {

class DetectorPerf final : public PicturePerf {
  public:
    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = PicturePerf::add(program, family);
        add_profile_options(*verb, profile_, detect::demo);
        for (const char* option : {"--profile", "--confidence", "--overlap"})
            verb->get_option(option)->needs(verb->get_option("--end-to-end"));
        return verb;
    }

  private:
    std::string_view answers() const override { return "boxes"; }
    bool turns() const override { return true; }

    FileWork work(const AnyModel& network, const ModelEntry& entry, int batch,
                  const PictureReader& reader) const override {
        return detector_work(network, entry, batch, reader, profile_.profile());
    }

    ProfileOptions profile_;
};

}  // namespace taxon::app
