#pragma once
#include <taxon/app/detector/detector_work.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/picture/profile.hpp>

namespace taxon::app {

class DetectorProfiling final : public PictureProfiling {
    void add_inputs(CLI::App& verb, const Family& family) override {
        PictureProfiling::add_inputs(verb, family);
        add_profile_options(verb, profile_, detect::demo);
        for (const char* option : {"--profile", "--confidence", "--overlap"})
            verb.get_option(option)->needs(verb.get_option("--end-to-end"));
    }
    std::string_view answers() const override { return "boxes"; }
    bool turns() const override { return true; }

    FileWork file_work(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader) const override {
        return detector_work(network, entry, options.batch, reader, profile_.profile());
    }

    ProfileOptions profile_{};
};

}  // namespace taxon::app
