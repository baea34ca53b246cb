#pragma once
#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#include <taxon/system/impl/kernel32.ipp>
#else
#include <unistd.h>
#endif

namespace taxon::system {

#if defined(_WIN32)

namespace detail {

/// The console's handle, and its mode if there is one.
inline kernel32::Handle console_of(Stream stream, kernel32::Dword& mode) {
    const kernel32::Handle handle =
        kernel32::standard_handle(static_cast<kernel32::Dword>(-10 - static_cast<int>(stream)));
    return kernel32::console_mode(handle, &mode) != 0 ? handle : nullptr;
}

/// Gives the console back as it was: its code page outlives a process.
struct ConsoleCodePage {
    unsigned before = kernel32::console_output_code_page();
    explicit ConsoleCodePage(unsigned page) { kernel32::set_console_output_code_page(page); }
    ConsoleCodePage(const ConsoleCodePage&) = delete;
    ~ConsoleCodePage() { kernel32::set_console_output_code_page(before); }
};

}  // namespace detail

/// CRT's isatty takes NUL for a terminal.
TAXON_DECL bool is_terminal(Stream stream) {
    kernel32::Dword mode = 0;
    return detail::console_of(stream, mode) != nullptr;
}

TAXON_DECL void prepare_standard_streams() {
    constexpr unsigned utf8 = 65001;
    constexpr kernel32::Dword escape_sequences = 4;
    for (const Stream stream : {Stream::input, Stream::output, Stream::error}) {
        ::_setmode(static_cast<int>(stream), _O_BINARY);
        if (kernel32::Dword mode = 0; stream != Stream::input)
            if (const kernel32::Handle console = detail::console_of(stream, mode)) {
                kernel32::set_console_mode(console, mode | escape_sequences);
                static const detail::ConsoleCodePage page(utf8);
            }
    }
}

#else

TAXON_DECL bool is_terminal(Stream stream) { return ::isatty(static_cast<int>(stream)) == 1; }

TAXON_DECL void prepare_standard_streams() {}

#endif

}  // namespace taxon::system
