#pragma once
#include <string>
#include <string_view>
#include <taxon/app/console/json_builder.hpp>

namespace taxon::app {

namespace detail {

// The files in page/ are raw string literals, so that readable sources need no tool but the compiler.
// clang-format off
inline constexpr std::string_view page_before_data =
#include <taxon/app/profile/page/head.html>
"<style>"
#include <taxon/app/profile/page/style.css>
"</style>\n"
#include <taxon/app/profile/page/body.html>
R"(<script type="application/json" id="profile">)";

inline constexpr std::string_view page_after_data = "</script>\n<script type=\"module\">"
#include <taxon/app/profile/page/base.js>
#include <taxon/app/profile/page/state.js>
#include <taxon/app/profile/page/summary.js>
#include <taxon/app/profile/page/flame.js>
#include <taxon/app/profile/page/roofline.js>
#include <taxon/app/profile/page/threads.js>
#include <taxon/app/profile/page/arena.js>
#include <taxon/app/profile/page/accuracy.js>
#include <taxon/app/profile/page/table.js>
#include <taxon/app/profile/page/details.js>
"</script>\n</body>\n</html>\n";
// clang-format on

}  // namespace detail

/// JSON as the content of an HTML <script>: ASCII without '<', so that no name in it ends the element or starts a
/// comment. Bytes that are not UTF-8 become U+FFFD.
inline std::string script_json(const Json& json) {
    std::string escaped;
    for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace))
        if (c == '<') escaped += "\\u003c";
        else escaped += c;
    return escaped;
}

/// One HTML file, without a network, that shows what `profile --json` writes: see docs/profile.md.
inline std::string profile_page(const Json& profile) {
    std::string page(detail::page_before_data);
    return page.append(script_json(profile)).append(detail::page_after_data);
}

}  // namespace taxon::app
