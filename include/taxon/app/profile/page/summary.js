R"page(
// Heading, figures, advice, and time by kind.
document.title = `${named}, ${duration(time.unprofiled_ms)}: profile by taxon`;
by_id("title").textContent = named;
by_id("subtitle").textContent = [
  network.precision, [network.backend, network.execution].filter(Boolean).join(" "),
  machine.processor, run.isa || machine.isa, run.batch && `batch ${run.batch}`,
  run.sequence && `${run.sequence} tokens`, run.threads && `${run.threads} thread${run.threads > 1 ? "s" : ""}`,
  profile.date, profile.version && `taxon ${profile.version}`,
].filter(Boolean).join(" · ");

const inside = rows.filter((row) => !row.stage || row.stage === "network");
const inside_ms = sum(inside, (row) => row.time_ms), inside_flops = sum(steps, (row) => row.flops);
const of_roof = (list) => (100 * sum(list, (row) => row.roof?.ms)) / sum(list, (row) => (row.roof ? row.time_ms : 0));
const roofed = steps.filter((row) => row.roof);
const figure = (name, value, more = "") =>
  html("div", {}, html("dt", {}, name), html("dd", { class: "figure" }, value), html("dd", { class: "more" }, more));
by_id("figures").append(...[
  figure(run.end_to_end ? "Time, file to answer" : "Time of a run", duration(time.unprofiled_ms),
         run.unprofiled_runs ? `unprofiled, ${run.unprofiled_runs} runs` : "unprofiled"),
  figure("Throughput", `${number((1000 * (run.batch || 1)) / time.unprofiled_ms)} /s`, "samples, one run at a time"),
  figure("Cost of profiling", percent(time.overhead_percent), `${duration(time.profiled_ms)} profiled`),
  figure("Arithmetic", rate(inside_flops / inside_ms / 1e6), `${operations(inside_flops)} in ${duration(inside_ms)}`),
  ...(roofed.length ? [figure("Of the roofline", percent(of_roof(roofed)), "time at the roof / time taken")] : []),
  figure("Outside of rows", duration(Math.max(0, time.other_ms)), "threads start and end"),
  ...(profile.weights_bytes ? [figure("Weights", bytes(profile.weights_bytes), "packed")] : []),
  ...(profile.arena_bytes ? [figure("Arena", bytes(profile.arena_bytes), "activations")] : []),
]);

const row_of_step = new Map(steps.map((row) => [row.step, row]));
by_id("advice").append(...(profile.advice || []).map(({ text: words, steps: about = [] }) =>
  html("li", {}, words, " ", ...about.slice(0, 6).map((step) => row_of_step.get(step)).filter(Boolean).map((row) =>
    html("button", { type: "button", class: "plain", "data-row": row.index }, row.name)))));

chart("kinds", "Time by kind of step", (width) => {
  let x = 0;
  return picture(width, 30, ...kinds.map(({ kind, time_ms, rows: count }) => {
    const w = (width * time_ms) / total_ms, share = percent((100 * time_ms) / total_ms), at = x;
    x += w;
    return mark(svg("g", { class: `k${colour(kind)}`, "data-filter": kind },
                    svg("rect", { class: "mark", x: at, y: 2, width: Math.max(0.5, w), height: 26 }),
                    text(at + w / 2, 20, shortened(kind, w - 8) === kind ? kind : "",
                         { class: "on", "text-anchor": "middle" })),
                `${kind}: ${share}\n${duration(time_ms)} in ${count} rows`);
  }));
});
const fifths = ["below 20 % of the roof", "20 to 40 %", "40 to 60 %", "60 to 80 %", "above 80 %"];
function fill_legend(legend) {
  const all = legend.id === "kinds-legend", named_kinds = kinds.filter(({ kind }) => all || colour(kind));
  const item = ({ kind, time_ms }) =>
    html("li", {}, html("button", { type: "button", class: "plain", "data-filter": kind, title: `Filter by ${kind}` },
                        swatch(colour(kind)), all ? `${kind} ${percent((100 * time_ms) / total_ms)}` : kind));
  if (by_roof && !all)
    legend.replaceChildren(...fifths.map((words, place) => html("li", {}, swatch(2, `r${place}`), words)),
                           html("li", {}, swatch(2, "k0"), "no roof known"));
  else legend.replaceChildren(...named_kinds.map(item),
                              ...(!all && kinds.length > 7 ? [html("li", {}, swatch(0), "other kinds")] : []));
}
show_colours();
)page"
