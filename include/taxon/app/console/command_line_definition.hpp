#pragma once
#include <algorithm>
#include <memory>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/help.hpp>
#include <taxon/app/console/nearest.hpp>
#include <taxon/app/console/utf8_names_definition.hpp>
#include <taxon/app/console/version.hpp>
#include <taxon/preprocess/image_options.hpp>
#include <vector>

#include <CLI/CLI.hpp>

/// Definitions for command_line.hpp, compiled once for all kinds of programs.
namespace taxon::app {

namespace detail {

/// The verb that was given, with a space before it; empty if there was none.
inline std::string verb_given(const CLI::App& program) {
    return program.get_subcommands().empty() ? "" : " " + program.get_subcommands().front()->get_name();
}

/// Throws WrongUse for an empty file or folder name, such as from an unset variable.
inline void require_names(const CLI::App& verb, const std::string& program) {
    for (const CLI::Option* option : verb.get_options()) {
        const std::string type = option->get_type_name();
        const auto& given = option->results();
        if ((type.find("FILE") != type.npos || type.find("DIR") != type.npos) &&
            std::find(given.begin(), given.end(), "") != given.end())
            throw WrongUse(option->get_name() + ": an empty name; see " + program + " " + verb.get_name() + " --help");
    }
}

/// Throws WrongUse, listing all verbs, if the first word is none of them.
inline void require_known_verb(const CLI::App& program, const std::string& word) {
    if (word.empty() || word.front() == '-') return;
    std::string names;
    for (const CLI::App* verb : program.get_subcommands([](const CLI::App*) { return true; })) {
        if (verb->check_name(word)) return;
        names += (names.empty() ? "" : ", ") + verb->get_name();
    }
    throw WrongUse("unknown verb '" + word + "'; there are " + names + "; see " + program.get_name() + " --help");
}

/// The complaint about unexpected words: for an option it names the nearest one; else `sentence`.
inline std::string unexpected(const CLI::App& program, const std::string& sentence) {
    const auto words = program.remaining(true);
    const auto option = std::find_if(words.begin(), words.end(),
                                     [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
    if (option == words.end()) return sentence;
    const std::string name = option->substr(0, option->find('='));
    std::vector<std::string> known;
    const CLI::App* verb = &program;
    while (!verb->get_subcommands().empty()) verb = verb->get_subcommands().back();
    for (const CLI::Option* one : verb->get_options())
        if (!one->get_positional()) known.push_back(one->get_name());
    return "unknown option '" + name + "'; the nearest is " + nearest(name, known);
}

}  // namespace detail

void add_usual_flags(CLI::App& program) {
    program.set_version_flag("--version",
                             program.get_name() + " (taxon " + std::string(version) + ", JPEG by " +
                                 std::string(name_of(preprocess::usual_jpeg_decoder)) +
                                 (preprocess::reads_webp ? ", WebP by libwebp)" : ")"),
                             "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.require_subcommand(1);
    program.formatter(std::make_shared<HelpFormatter>());
}

CLI::App* add_verb(CLI::App& program, const std::string& name, const std::string& description) {
    return program.add_subcommand(name, description);
}

std::optional<int> parse(CLI::App& program, int argc, const char* const* argv, Console& console) {
    detail::require_known_verb(program, argc > 1 ? argv[1] : "");
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.out << program.help("", detail::verb_given(program).empty() ? CLI::AppFormatMode::All
                                                                            : CLI::AppFormatMode::Normal);
        return 0;
    } catch (const CLI::CallForVersion& asked) {
        console.out << asked.what() << '\n';
        return 0;
    } catch (const CLI::ExtrasError& error) {
        throw WrongUse(detail::unexpected(program, error.what()) + "; see " + program.get_name() +
                       detail::verb_given(program) + " --help");
    } catch (const CLI::ParseError& error) {
        throw WrongUse(std::string(error.what()) + "; see " + program.get_name() + detail::verb_given(program) +
                       " --help");
    }
    for (const CLI::App* verb : program.get_subcommands()) detail::require_names(*verb, program.get_name());
    return std::nullopt;
}

}  // namespace taxon::app
