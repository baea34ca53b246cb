#pragma once
#include <exception>
#include <filesystem>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/exit_code.hpp>

namespace taxon::app {

/// What to do about a file's fault of which its reader knows no better.
constexpr std::string_view remedy_of(Fault fault) {
    switch (fault) {
        case Fault::io: return "check the path and its permissions";
        case Fault::limit: return "a program of your own can allow more by taxon::Limits";
        case Fault::missing:
        case Fault::unused:
        case Fault::mismatch:
        case Fault::shape:
        case Fault::element:
        case Fault::magic:
        case Fault::version: return "name a file that fits, or write this one again";
        case Fault::usage:
        case Fault::unsupported:
        case Fault::forbidden: return "";
        default: return "mend it there, or fetch or write the file again";
    }
}

/// An error's line, always with a remedy if a file is at fault.
inline std::string told(const Error& error) {
    const bool lacks = error.facts().remedy.empty() && !error.facts().file.empty();
    const std::string_view remedy = lacks ? remedy_of(error.fault()) : "";
    return remedy.empty() ? error.what() : error.what() + ("; " + std::string(remedy));
}

/// Runs `int run()` and turns every exception into one line on standard error and an exit code. `few_resources` is the
/// remedy for too little memory.
template <class Run>
int with_failures_told(const std::string& executable, Console& console, std::string_view few_resources, Run&& run) {
    const auto fail = [&](const std::string& sentence, ExitCode code) {
        const std::string program = printable(std::filesystem::path(executable).filename().string(), 64) + ": ";
        console.err << program << printable(sentence, error_line_bytes - program.size()) << std::endl;
        return static_cast<int>(code);
    };
    try {
        const int code = run();
        if (console.out.flush()) return code;
        return fail("standard output: [io] found a failure while writing; check the space left",
                    ExitCode::refused_file);
    } catch (const Error& error) { return fail(told(error), exit_code_of(error)); } catch (const WrongUse& error) {
        return fail(error.what(), ExitCode::wrong_use);
    } catch (const CheckFailed& error) {
        return fail(error.what(), ExitCode::check_failed);
    } catch (const Stopped& error) { return fail(error.what(), ExitCode::stopped); } catch (const std::bad_alloc&) {
        return fail("[limit] found too little memory; " + std::string(few_resources), ExitCode::refused_file);
    } catch (const std::exception& error) { return fail(error.what(), ExitCode::refused_file); } catch (...) {
        return fail("an unknown failure", ExitCode::refused_file);
    }
}

}  // namespace taxon::app
