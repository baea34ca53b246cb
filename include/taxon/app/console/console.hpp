#pragma once
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include <taxon/core/printable.hpp>
#include <taxon/system/streams.hpp>

namespace taxon::app {

/// A program's streams: results on `out`, progress and errors on `err`.
struct Console {
    std::ostream& out;
    std::ostream& err;
    bool error_is_terminal = false;  ///< a progress bar may redraw its line
    bool colour = false;             ///< bold is allowed on `out`

    std::string bold(std::string_view text) const {
        return colour ? "\033[1m" + std::string(text) + "\033[0m" : std::string(text);
    }
};

/// The process's own streams. NO_COLOR (https://no-color.org), set to anything, keeps the output plain.
inline Console standard_console() {
    const char* no_colour = std::getenv("NO_COLOR");
    const bool wanted = no_colour == nullptr || *no_colour == '\0';
    system::prepare_standard_streams();
    return {std::cout, std::cerr, system::is_terminal(system::Stream::error),
            wanted && system::is_terminal(system::Stream::output)};
}

}  // namespace taxon::app
