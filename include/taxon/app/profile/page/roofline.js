R"page(
// Both axes logarithmic: arithmetic per byte, and arithmetic per second. What a kernel really multiplies counts.
const multiplied = (row) => row.kernel_flops ?? row.flops;
const placed = steps.filter((row) => multiplied(row) > 0 && row.moved_bytes > 0 && row.time_ms > 0);
const peaks = machine.peaks || [], bandwidth = (machine.bandwidth || []).filter(({ gbs }, place, all) =>
  place === 0 || place + 1 === all.length || Math.abs(Math.log(gbs / all[place - 1].gbs)) > 0.15);
const used_types = new Set(steps.flatMap((row) => [row.roof?.dtype, row.weights?.dtype]).filter(Boolean));
by_id("roofline-note").textContent =
  `A mark per step, its area the time it takes. ${steps.length - placed.length
    ? `${steps.length - placed.length} steps without arithmetic are not shown. ` : ""}` +
  "Select a mark to see how far its own roof is: that of its number type, and of a working set of its size.";

const log_ticks = (low, high) => {
  const list = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power)
    for (const step of high / low < 2000 ? [1, 2, 5] : [1]) list.push(step * 10 ** power);
  return list.filter((tick) => low < tick && tick < high);
};
if (!placed.length || !peaks.length) document.querySelector("[aria-labelledby=h-roofline]").hidden = true;
else chart("roofline", "Roofline: arithmetic per second over arithmetic per byte", (width) => {
  const height = Math.max(320, Math.min(520, width * 0.5));
  const left = 46, right = width - 10, top = 14, bottom = height - 38;
  const intensity = (row) => multiplied(row) / row.moved_bytes, speed = (row) => multiplied(row) / row.time_ms / 1e6;
  const used = peaks.filter(({ dtype }) => used_types.has(dtype)), shown = used.length ? used : peaks;
  const peak = Math.max(...shown.map(({ gflops }) => gflops)), slowest = Math.min(...bandwidth.map(({ gbs }) => gbs));
  const x_low = Math.min(...placed.map(intensity)) / 1.6, y_low = Math.min(...placed.map(speed)) / 1.8;
  const x_high = Math.max(...placed.map(intensity), bandwidth.length ? peak / slowest : 1) * 1.8;
  const y_high = Math.max(...placed.map(speed), ...peaks.map(({ gflops }) => gflops)) * 2;
  const x_unit = (right - left) / Math.log(x_high / x_low), y_unit = (bottom - top) / Math.log(y_high / y_low);
  const x = (value) => left + x_unit * Math.log(value / x_low);
  const y = (value) => bottom - y_unit * Math.log(value / y_low);
  const parts = [];
  for (const tick of log_ticks(x_low, x_high))
    parts.push(svg("path", { class: "grid", d: `M${x(tick)} ${top}V${bottom}` }),
               text(x(tick), bottom + 15, number(tick), { class: "soft", "text-anchor": "middle" }));
  for (const tick of log_ticks(y_low, y_high))
    parts.push(svg("path", { class: "grid", d: `M${left} ${y(tick)}H${right}` }),
               text(left - 6, y(tick) + 4, number(tick), { class: "soft", "text-anchor": "end" }));
  parts.push(svg("path", { class: "grid", d: `M${left} ${top}V${bottom}H${right}` }),
             text((left + right) / 2, height - 5, "FLOP per byte moved", { class: "soft", "text-anchor": "middle" }),
             text(left + 4, top + 2, "GFLOP/s", { class: "soft halo" }));

  const labels = [];
  let height_of_label = Infinity;  // each at least a line above the one of a lower peak
  for (const { dtype, gflops } of [...peaks].sort((a, b) => a.gflops - b.gflops)) {
    const from = bandwidth.length ? Math.max(x_low, gflops / Math.max(...bandwidth.map(({ gbs }) => gbs))) : x_low;
    if (from >= x_high) continue;
    parts.push(svg("path", { class: shown.some((one) => one.dtype === dtype) ? "roof" : "roof other",
                             d: `M${x(from)} ${y(gflops)}H${right}` }));
    height_of_label = Math.min(y(gflops) - 5, height_of_label - 15);
    labels.push(text(right - 2, height_of_label, `${dtype} ${number(gflops)} GFLOP/s`,
                     { class: "halo", "text-anchor": "end" }));
  }
  const slope = (-180 / Math.PI) * Math.atan2(y_unit, x_unit);
  let labelled = 0;  // the bandwidth of the label before: lines closer than a line of text share one
  [...bandwidth].reverse().forEach(({ working_set_bytes, gbs }, place) => {
    const start = Math.max(x_low, y_low / gbs), end = Math.min(x_high, peak / gbs), last = place === 0;
    if (start >= end) return;
    parts.push(svg("path", { class: last ? "roof" : "roof other",
                             d: `M${x(start)} ${y(start * gbs)}L${x(end)} ${y(end * gbs)}` }));
    if (labelled && y_unit * Math.log(gbs / labelled) < 18) return;
    labelled = gbs;
    const at = start * 1.15;
    labels.push(text(x(at), y(at * gbs) - 4, `${number(gbs)} GB/s ${last ? "memory" : bytes(working_set_bytes)}`,
                     { class: "halo", transform: `rotate(${slope} ${x(at)} ${y(at * gbs) - 4})` }));
  });

  const largest = Math.max(...placed.map((row) => row.time_ms));
  const marks = [...placed].sort((a, b) => b.time_ms - a.time_ms).map((row) => {
    const px = x(intensity(row)), py = y(speed(row)), area = row.time_ms / largest;
    const roof = row.roof?.ms > 0 ? y(multiplied(row) / row.roof.ms / 1e6) : py;
    const how = row.roof ? `\n${percent(row.roof.percent)} of its roof (${row.roof.bound})` : "";
    return mark(svg("g", { class: shade(row) },
                    svg("path", { class: "gap", d: `M${px} ${py}V${roof}m-6 0h12` }),
                    svg("path", { class: "mark", d: symbol(colour(row.kind), px, py, 3 + 8 * Math.sqrt(area)) })),
                `${short(row)}\n${rate(speed(row))}, ${number(intensity(row))} FLOP per byte${how}`,
                { row: row.index });
  });
  return picture(width, height, ...parts, ...marks, ...labels);
});
)page"
