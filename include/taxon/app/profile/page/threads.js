R"page(
// A lane per thread. All busy parts of one colour in a lane are one path, so that many threads stay quick.
const lanes = Math.max(0, ...rows.map((row) => row.busy.length));
if (lanes < 2) document.querySelector("[aria-labelledby=h-threads]").hidden = true;
else chart("threads", "Threads: busy and waiting, in run order", (width) => {
  const left = width < 600 ? 30 : 120, high = Math.max(8, Math.min(26, 420 / lanes)), bottom = lanes * high;
  const from = rows[zoomed.first].start, to = rows[zoomed.last].end, shown = rows.slice(zoomed.first, zoomed.last + 1);
  const x = (ms) => left + ((width - left - 1) * (ms - from)) / (to - from || 1);
  const parts = [svg("defs", {}, svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse",
                                                  patternTransform: "rotate(45)" },
                                     svg("path", { class: "waiting", d: "M0 0V5" })))];
  for (let lane = 0; lane < lanes; ++lane) {
    const y = lane * high + 1, paths = new Map();
    const add = (class_name, start, end) => {
      const w = x(end) - x(start);
      if (w < 0.2) return;
      const box = `M${x(start).toFixed(2)} ${y}h${w.toFixed(2)}v${high - 2}h${-w.toFixed(2)}Z`;
      paths.set(class_name, (paths.get(class_name) || "") + box);
    };
    let busy = 0;
    for (const row of shown) {
      const own = row.busy.length ? row.busy[lane] || 0 : lane ? 0 : row.time_ms;
      const middle = Math.min(row.end, row.start + own);
      busy += middle - row.start;
      add(shade(row), row.start, middle);
      add("hatch", middle, row.end);
    }
    if (high > 11 || lane % 8 === 0) parts.push(text(left - 6, y + high / 2 + 3,
      width < 600 ? `${lane}` : `thread ${lane}: ${percent((100 * busy) / (to - from))}`, { "text-anchor": "end" }));
    for (const [class_name, d] of paths)
      parts.push(class_name === "hatch" ? svg("path", { d, fill: "url(#hatch)" })
                                        : svg("path", { d, class: class_name, fill: "var(--fill)" }));
  }
  for (const row of shown) {
    const even = row.imbalance ? `\nslowest / mean: ${number(row.imbalance)}` : "";
    const width_of = Math.max(0.5, x(row.end) - x(row.start));
    parts.push(mark(svg("rect", { class: "column", x: x(row.start), y: 0.5, width: width_of, height: bottom }),
                    `${short(row)}\nbusy: ${listed(row.busy.slice(0, 9).map(duration), 8) || "one thread"}${even}`,
                    { row: row.index }));
  }
  for (const part of [0, 0.5, 1])
    parts.push(text(left + part * (width - left - 1), bottom + 16, duration(from + part * (to - from)),
                    { class: "soft", "text-anchor": ["start", "middle", "end"][part * 2] }));
  return picture(width, bottom + 20, ...parts);
});
)page"
