#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/command_line.hpp>
#include <taxon/app/failure.hpp>
#include <taxon/app/tokenize.hpp>

namespace taxon::app {

namespace detail {

/// The whole command line of a family of networks over texts: what it understands and what it was told.
class TextProgram {
  public:
    TextProgram(const TextFamily& family, const std::string& executable)
        : family_(family), name_(std::filesystem::path(executable).filename().string()),
          program_("Networks over texts of the family " + std::string(family.name) + ", on the CPU.", name_) {
        add_usual_flags(program_);
        add_tokenize(program_, family, tokenize_options_);
        program_.footer("Examples:\n"
                        "  " + name_ + " tokenize --vocab vocab.txt --text \"a text\" --text-pair \"and a second one\"\n"
                        "  " + name_ + " tokenize --vocab model/ dev.tsv --text-column sentence --sequence 64 --output-dir tokens/\n"
                        "  " + name_ + " tokenize --vocab vocab.txt --cased --input-json texts.json --json tokens.json\n"
                        "\nExit codes: 0 done; 2 wrong use; 3 a file that cannot be read, is refused or cannot be written.\n");
    }

    int run(int argc, const char* const* argv, Console& console) {
        if (const auto code = parse(program_, argc, argv, console)) return *code;
        return run_tokenize(family_, tokenize_options_, console);
    }

  private:
    const TextFamily& family_;
    std::string name_;
    CLI::App program_;
    TokenizeOptions tokenize_options_;
};

}  // namespace detail

/// The command line of a family of networks over texts. Returns the exit code; every exception becomes one line on standard error: 0 done, 2 wrong use,
/// 3 a file that is unreadable, refused or cannot be written.
inline int text_main(int argc, const char* const* argv, const TextFamily& family, Console console) {
    const std::string executable = argc > 0 ? argv[0] : std::string(family.name);
    return with_failures_told(executable, console, "give it fewer texts", [&] { return detail::TextProgram(family, executable).run(argc, argv, console); });
}

/// The same on the process's own streams: the whole of an example's main.
inline int text_main(int argc, char** argv, const TextFamily& family) { return text_main(argc, argv, family, standard_console()); }

}  // namespace taxon::app
