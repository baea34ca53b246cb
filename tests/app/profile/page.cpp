#include <taxon/app/profile/page.hpp>

#include <cstdlib>
#include <utility>

#include "app/program.hpp"
#include "catch.hpp"
#include "shared_data.hpp"

using namespace taxon;
using app::Json;

namespace {

const std::string hostile =
    "</script><script>window.ran = 1</script><!--<img src=x onerror='window.ran = 1'> \"&\u2028é漢";

/// A profile of two threads, as `profile --json` writes it. Step s takes s + 1 ms, but step 2, which takes 20.
Json small_profile() {
    const std::pair<const char*, const char*> layers[] = {
        {"stem", "convolution"},         {"block.0.conv", "convolution"}, {"block.0.slow", "winograd"},
        {"block.1.conv", "convolution"}, {"block.1.scale", "scale"},      {"head.fc", "product"},
        {hostile.c_str(), "embedding"}};
    Json rows = Json::array(), buffers = Json::array();
    const Json plane = {{"shape", {8, 16, 16}}, {"dtype", "float32"}, {"strides", {1, 128, 8}}, {"bytes", 8192}};
    for (int step = 0; const auto& [layer, kind] : layers) {
        const double ms = step == 2 ? 20 : step + 1, flops = step == 4 ? 0 : 1e8 * (step + 1);
        buffers.push_back({{"offset", step % 2 * 8192}, {"bytes", 8192}, {"live_from", step}, {"live_to", step + 1}});
        rows.push_back(
            {{"stage", "network"},
             {"step", step},
             {"layer", layer},
             {"layers", {layer}},
             {"kind", kind},
             {"operation", "convolution 3x3"},
             {"fused", {"relu"}},
             {"input", plane},
             {"output", plane},
             {"weights", {{"dtype", "float32"}, {"bytes", 2336}}},
             {"kernel", {{"name", kind}, {"tile", "7 pixels x 8 channels"}, {"why", "it is the only one"}}},
             {"flops", flops},
             {"kernel_flops", flops},
             {"moved_bytes", 18720},
             {"time_ms", ms},
             {"min_ms", ms},
             {"gflops", flops / ms * 1e-6},
             {"gbs", 18720 / ms * 1e-6},
             {"roof",
              {{"ms", ms / 2}, {"percent", 50.0}, {"bound", "compute"}, {"compute_ms", ms / 2}, {"memory_ms", ms / 4}}},
             {"threads", {{{"busy_ms", ms}, {"waiting_ms", 0.0}}, {{"busy_ms", ms * 0.5}, {"waiting_ms", ms * 0.5}}}},
             {"imbalance", 1.33},
             {"accuracy", {{"snr_db", 40.0 - step}, {"cosine", 0.999}}},
             {"buffer", step++}});
    }
    return {{"schema", "taxon.profile/1"},
            {"network", {{"family", "made_up"}, {"variant", "<b>"}, {"precision", "force_float32"}}},
            {"description", "made_up"},
            {"run", {{"batch", 1}, {"threads", 2}, {"unprofiled_runs", 10}}},
            {"time", {{"unprofiled_ms", 45.0}, {"profiled_ms", 46.0}, {"overhead_percent", 2.2}, {"other_ms", 1.0}}},
            {"machine",
             {{"processor", "a processor"},
              {"peaks", {{{"dtype", "float32"}, {"gflops", 200.0}}, {{"dtype", "int8"}, {"gflops", 800.0}}}},
              {"bandwidth",
               {{{"working_set_bytes", 32768}, {"gbs", 400.0}}, {{"working_set_bytes", 268435456}, {"gbs", 20.0}}}}}},
            {"arena_bytes", 16384},
            {"rows", rows},
            {"kinds",
             {{{"kind", "winograd"}, {"rows", 1}, {"time_ms", 20.0}},
              {{"kind", "convolution"}, {"rows", 3}, {"time_ms", 7.0}},
              {{"kind", "embedding"}, {"rows", 1}, {"time_ms", 7.0}},
              {{"kind", "product"}, {"rows", 1}, {"time_ms", 6.0}},
              {{"kind", "scale"}, {"rows", 1}, {"time_ms", 5.0}}}},
            {"buffers", buffers},
            {"advice", {{{"rule", "layer"}, {"text", "Look at <b>this</b>."}, {"steps", {2}}}}}};
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
    return found;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const std::size_t start = text.find(before) + before.size();
    return text.substr(start, text.find(after, start) - start);
}

const std::string data_tag = "<script type=\"application/json\" id=\"profile\">";

/// Clicks and types on the page as a user would, and writes what came of it into the document.
constexpr const char* user = R"js(<script type="module">
const outcome = { errors: [] };
addEventListener("error", ({ message }) => outcome.errors.push(message));
addEventListener("securitypolicyviolation", ({ blockedURI }) => outcome.errors.push(`blocked: ${blockedURI}`));
const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);
const click = (element) => element.dispatchEvent(new MouseEvent("click", { bubbles: true }));
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const column = (place) => all("#table tbody tr:not(.group)").map((row) => row.children[place].textContent);
const heading = (name) => all("#table thead button").find((button) => button.textContent === name);

// The least contrast of a text with what lies behind it, by the formula of WCAG 2.
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\d.]+/g).map((part) => part / 255).map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor;
    if (!/, 0\)$|transparent/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
const contrasts = () => all("body *").filter((element) => element.checkVisibility?.() &&
    [...element.childNodes].some((child) => child.nodeType === 3 && child.data.trim())).map((element) => {
  const style = getComputedStyle(element), drawn = element.namespaceURI.endsWith("svg");
  const filled = element.classList.contains("on") && element.parentElement.querySelector(".mark");
  const pair = [luminance(drawn ? style.fill : style.color),
                luminance(filled ? getComputedStyle(filled).fill : behind(element))].sort((a, b) => b - a);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
});
const shades = [0, 1, 2, 3, 4, 5, 6, 7].map((kind) => `k${kind}`).concat([0, 1, 2, 3, 4].map((fifth) => `r${fifth}`));
const contrasts_of_shades = () => shades.map((shade) => {
  const bar = one("#flame [data-row]").cloneNode(true);
  bar.setAttribute("class", shade);
  one("#flame svg").append(bar);
  const [fill, text] = [...bar.children].map((part) => luminance(getComputedStyle(part).fill));
  bar.remove();
  return (Math.max(fill, text) + 0.05) / (Math.min(fill, text) + 0.05);
});

outcome.dark = luminance(behind(document.body)) < 0.1;
outcome.title = one("#title").textContent;
outcome.ran = window.ran !== undefined || one("#advice b, #title b, img") !== null;
outcome.flame_rows = all("#flame [data-row]").length;
outcome.roofline_rows = all("#roofline [data-row]").length;
outcome.thread_rows = all("#threads [data-row]").length;
outcome.accuracy_rows = all("#accuracy [data-row]").length;
outcome.buffers = all("#arena [data-buffer]").length;
outcome.names = column(1);
outcome.names_are_text = outcome.names.pop().startsWith("</" + "script>");

click(heading("ms"));
outcome.slowest = column(1)[0];
outcome.sorted = heading("ms").parentElement.getAttribute("aria-sort");
click(heading("ms"));
outcome.least = column(1)[0];
heading("layer").focus();
heading("layer").click();
outcome.by_name = column(1).slice(1, 3);
click(one("[data-view=kind]"));
outcome.groups = all("#table tr.group").map((row) => row.children[2].textContent);
click(one("[data-view=order]"));
outcome.in_order = column(1)[0];

one("#filter").value = "BLOCK.1";
one("#filter").dispatchEvent(new Event("input", { bubbles: true }));
outcome.filtered = column(1);
outcome.dimmed = all("#flame .dim").length;
one("#filter").value = "";
one("#filter").dispatchEvent(new Event("input", { bubbles: true }));

click(all("#flame [data-zoom]").find((bar) => bar.getAttribute("aria-label").startsWith("block\n")));
outcome.zoomed = [all("#flame [data-row]").length, all("#threads [data-row]").length];
outcome.path = one("#path").textContent;
one("#flame [data-row]").focus();
press("Escape");
outcome.zoomed_out = all("#flame [data-row]").length;

click(one("#roofline [data-row='2']"));
outcome.selected = all(":is(.chart, table) .selected").map((element) => element.closest("[id]").id);
outcome.details = one("#details").textContent.includes("it is the only one");
outcome.contrast = Math.min(...contrasts(), ...contrasts_of_shades());
outcome.texts = contrasts().length;

one("#flame [tabindex='0']").focus();
press("ArrowRight");
press("Enter");
outcome.by_keyboard = one("#details h2").textContent;
click(one("[data-colour=roof]"));
outcome.shades = [all("#flame .r2").length, one("#roofline + .legend").children.length];
click(one("#advice button"));
outcome.by_advice = one("#details h2").textContent;
outcome.wider = document.documentElement.scrollWidth > innerWidth;
const written = Object.assign(document.createElement("pre"), { id: "outcome" });
written.textContent = JSON.stringify(outcome);
document.body.append(written);
</script>)js";

/// What the user found on the page in a browser, and what this wrote to its console; nothing if there is no browser.
Json opened(const std::string& page, const std::string& options) {
    if (std::system("command -v chromium >/dev/null 2>&1") != 0) return {};
    const TestFolder folder;
    write_text(folder / "page.html", page);
    const std::string command = "HOME='" + folder.path().string() +
                                "' timeout 100 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "
                                "--enable-logging=stderr --virtual-time-budget=20000 --user-data-dir='" +
                                folder / "user" + "' " + options + " --dump-dom 'file://" + folder / "page.html" +
                                "' >'" + folder / "dom" + "' 2>'" + folder / "log" + "'";
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
    const std::string dom = text_of(folder / "dom"), log = text_of(folder / "log");
    INFO(log);
    REQUIRE(contains(dom, "<pre id=\"outcome\">"));
    Json outcome = Json::parse(between(dom, "<pre id=\"outcome\">", "</pre>"));
    outcome["console"] = count(log, "CONSOLE");
    return outcome;
}

}  // namespace

TEST_CASE("a profile's page needs no network and is small") {
    const std::string page = app::profile_page(Json::object());
    CHECK(page.size() < 60'000);
    CHECK(count(page, "://") == count(page, "\"http://www.w3.org/2000/svg\""));
    CHECK(contains(page, "default-src 'none'"));
    for (const char* const loader : {" src=", "@import", "url(\"", "fetch(", "import ", "import("})
        CHECK_FALSE(contains(page, loader));
    CHECK(page.starts_with("<!DOCTYPE html>"));
}

TEST_CASE("names of layers remain data in a profile's page") {
    const Json profile = small_profile();
    const std::string page = app::profile_page(profile), data = between(page, data_tag, "</script>");
    CHECK(Json::parse(data) == profile);
    CHECK_FALSE(contains(data, "<"));
    CHECK(count(page, "</script>") == 2);
    CHECK(app::script_json("a\xFF</script>\u2028") == "\"a\\ufffd\\u003c/script>\\u2028\"");
}

TEST_CASE("a profile's page does in a browser what its user wants") {
    std::string page = app::profile_page(small_profile());
    page.insert(page.rfind("</body>"), user);
    for (const bool dark : {false, true}) {
        const Json found = opened(page, dark ? "--window-size=1400,900 --blink-settings=preferredColorScheme=0"
                                             : "--window-size=500,900 --blink-settings=preferredColorScheme=1");
        if (found.is_null()) SKIPPED("skipped: no chromium");
        INFO(found.dump(2));
        CHECK(found["errors"].empty());
        CHECK(found["console"] == 0);
        CHECK(found["dark"] == dark);
        CHECK(found["title"] == "made_up &lt;b&gt;");
        CHECK(found["ran"] == false);
        CHECK(found["names_are_text"] == true);
        CHECK(found["flame_rows"] == 7);
        CHECK(found["roofline_rows"] == 6);  // one step has no arithmetic
        CHECK(found["thread_rows"] == 7);
        CHECK(found["accuracy_rows"] == 7);
        CHECK(found["buffers"] == 7);
        CHECK(found["names"] ==
              Json({"stem", "block.0.conv", "block.0.slow", "block.1.conv", "block.1.scale", "head.fc"}));
        CHECK(found["slowest"] == "block.0.slow");
        CHECK(found["sorted"] == "descending");
        CHECK(found["least"] == "stem");
        CHECK(found["by_name"] == Json({"block.0.conv", "block.0.slow"}));
        CHECK(found["groups"] == Json({"winograd", "convolution", "embedding", "product", "scale"}));
        CHECK(found["in_order"] == "stem");
        CHECK(found["filtered"] == Json({"block.1.conv", "block.1.scale"}));
        CHECK(found["dimmed"] == 5);
        CHECK(found["zoomed"] == Json({4, 4}));
        CHECK(found["path"] == "made_up &lt;b&gt; › block");
        CHECK(found["zoomed_out"] == 7);
        CHECK(found["selected"] == Json({"flame", "roofline", "threads", "arena", "accuracy", "table"}));
        CHECK(found["details"] == true);
        CHECK(found["contrast"] >= 4.5);
        CHECK(found["texts"] > 100);
        CHECK(found["by_keyboard"] == "stem (step 0)");
        CHECK(found["shades"] == Json({7, 6}));
        CHECK(found["by_advice"] == "block.0.slow (step 2)");
        CHECK(found["wider"] == false);
    }
}
