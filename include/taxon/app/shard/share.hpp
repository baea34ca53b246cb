#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/shard/environment.hpp>
#include <taxon/app/shard/shards.hpp>
#include <vector>

namespace taxon::app {

/// The share of the inputs that a run takes: every of-th, from the part-th on.
class Share {
  public:
    Share() = default;
    Share(std::size_t part, std::size_t of, bool stated, bool automatic)
        : part_(part), of_(of), stated_(stated), automatic_(automatic) {}

    Shards shards() const { return {{part_}, of_}; }
    /// False if the command line does not speak of shares, so that this is everything.
    bool stated() const { return stated_; }
    /// The number, among all inputs, of the i-th of this share.
    std::size_t number(std::size_t i) const { return part_ + i * of_; }

    /// Those of `all` that are in the share. Throws Fault::usage if there are none.
    template <class Entry>
    std::vector<Entry> of(const std::vector<Entry>& all, const std::string& noun) const {
        std::vector<Entry> entries;
        for (std::size_t i = 0; number(i) < all.size(); ++i) entries.push_back(all[number(i)]);
        if (entries.empty() && stated_)
            throw Error(Fault::usage,
                        {.place = "--shard",
                         .found = shards().text() + " of " + plural(static_cast<std::int64_t>(all.size()), noun) +
                                  ", which is empty"});
        return entries;
    }

    /// Replaces {shard} in the name of an output by the share's number, "03-of-16". Throws Fault::usage for a name
    /// without it if the share was read from the environment: all shares would write the same file.
    void name(const std::string& option, std::string& file) const {
        constexpr std::string_view place = "{shard}";
        if (!stated_ || file.empty() || file == "-") return;
        const std::string last = std::to_string(of_ - 1);
        std::string part = std::to_string(part_);
        part.insert(0, last.size() - part.size(), '0');
        std::size_t at = file.find(place);
        if (at == file.npos && automatic_)
            throw Error(Fault::usage,
                        {.place = option,
                         .found = "'" + file + "', the same for every share",
                         .wanted = "a name with {shard} in it, which becomes " + part + "-of-" + std::to_string(of_)});
        for (; at != file.npos; at = file.find(place))
            file.replace(at, place.size(), part + "-of-" + std::to_string(of_));
    }

  private:
    std::size_t part_ = 0, of_ = 1;
    bool stated_ = false, automatic_ = false;
};

/// Throws Fault::missing, naming them, unless all parts are there.
inline void require_no_missing(const Shards& shards) {
    if (!shards.complete())
        throw Error(Fault::missing, {.place = "merge",
                                     .found = "no shard " + shards.missing(),
                                     .wanted = "all of them",
                                     .remedy = "--partial merges what there is"});
}

/// Options that select inputs: --limit and --shard.
struct ShareOptions {
    static constexpr std::size_t most_shares = 1'000'000;

    std::optional<std::string> shard;
    std::optional<std::size_t> limit;

    /// The share that --shard states; of `auto`, says which it is and why. Throws Fault::usage.
    Share share(Console& console, bool quiet, const ShardEnvironment& environment = ShardEnvironment()) const {
        if (!shard) return {};
        if (*shard == "auto" || shard->starts_with("auto/")) {
            std::optional<std::size_t> count;
            if (const auto all = Shards::parse("0" + shard->substr(4)); *shard != "auto") {
                if (!all || all->of > most_shares) refuse();
                count = all->of;
            }
            const auto [part, of, from] = environment.shard(count);
            if (!quiet)  // in one piece: mpirun mixes the lines of its ranks
                console.err << "share " + std::to_string(part) + " of " + std::to_string(of) + ", by " + from + "\n";
            return {part, of, true, true};
        }
        const auto shards = Shards::parse(*shard);
        if (!shards || shards->parts.size() != 1 || shards->of > most_shares) refuse();
        return {shards->parts.front(), shards->of, true, false};
    }

    /// The first --limit of all inputs.
    template <class Entry>
    void cut(std::vector<Entry>& all) const {
        if (limit && *limit < all.size()) all.erase(all.begin() + static_cast<std::ptrdiff_t>(*limit), all.end());
    }

  private:
    [[noreturn]] void refuse() const {
        throw Error(
            Fault::usage,
            {.place = "--shard", .found = "'" + *shard + "'", .wanted = "I/N with I from 0 to N - 1, auto, or auto/N"});
    }
};

/// `noun`: an input.
inline void add_shard_option(CLI::App& verb, ShareOptions& options, const std::string& noun) {
    verb.add_option(
            "--shard", options.shard,
            "Only every N-th " + noun +
                ", from the I-th on; I counts from 0. auto: I and N of the Slurm array, Kubernetes Indexed Job "
                "(N by TAXON_SHARDS), mpirun or srun that this runs in; auto/N: with this N. {shard} in the "
                "name of an output becomes I-of-N; a share whose --json FILE is there already is not done again")
        ->type_name("I/N|auto[/N]")
        ->default_str("0/1");
}

inline void add_share_options(CLI::App& verb, ShareOptions& options, const std::string& noun) {
    add_limit_option(verb, options.limit, noun + "s");
    add_shard_option(verb, options, noun);
}

}  // namespace taxon::app
