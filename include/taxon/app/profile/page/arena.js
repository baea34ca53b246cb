R"page(
// Buffers as blocks: steps from left to right, offsets upwards; in the colour of the step that writes them first. Above
// them, how many bytes are in use.
const writers = buffers.map((_, place) => steps.filter((row) => row.buffer === place));
const in_use = steps.map(({ step }) => sum(buffers, (b) => (b.live_from <= step && step <= b.live_to ? b.bytes : 0)));
const most = Math.max(0, ...in_use);
const arena_bytes = profile.arena_bytes || Math.max(0, ...buffers.map((b) => b.offset + b.bytes));
by_id("arena-note").textContent =
  "A block is a buffer: from the step that writes it to the last that reads it. Above: bytes in use, " +
  `at most ${bytes(most)} of ${bytes(arena_bytes)}. Zooms with the flame graph.`;
if (!buffers.length || !steps.length) document.querySelector("[aria-labelledby=h-arena]").hidden = true;
else chart("arena", "Arena: live ranges of buffers", (width) => {
  const inside = steps.filter((row) => zoomed.first <= row.index && row.index <= zoomed.last);
  const first = inside.length ? inside[0].step : 0, last = inside.length ? inside.at(-1).step : steps.at(-1).step;
  const height = 350, left = 62, right = width - 8, strip = 50, top = 66, bottom = height - 36;
  const x = (step) => left + ((right - left) * (step - first)) / (last + 1 - first);
  const y = (byte) => bottom - ((bottom - top) * byte) / arena_bytes;
  const parts = [];
  let tick = 1;
  while (arena_bytes / tick > 6) tick *= 2;
  for (let byte = 0; byte <= arena_bytes; byte += tick)
    parts.push(svg("path", { class: "grid", d: `M${left} ${y(byte)}H${right}` }),
               text(left - 6, y(byte) + 4, bytes(byte), { class: "soft", "text-anchor": "end" }));
  const stride = Math.max(1, Math.ceil((last + 1 - first) / Math.max(3, Math.floor(width / 70))));
  for (let step = first; step <= last; step += stride)
    parts.push(text(x(step + 0.5), bottom + 15, step, { class: "soft", "text-anchor": "middle" }));
  parts.push(text((left + right) / 2, height - 4, "step", { class: "soft", "text-anchor": "middle" }));

  buffers.forEach((buffer, place) => {
    if (buffer.live_to < first || buffer.live_from > last) return;
    const from = x(Math.max(first, buffer.live_from)), w = x(Math.min(last, buffer.live_to) + 1) - from;
    const writer = writers[place][0], up = y(buffer.offset + buffer.bytes), high = Math.max(1, y(buffer.offset) - up);
    const names = listed(writers[place].map((row) => row.name), 3);
    const words = [`buffer ${place}: ${bytes(buffer.bytes)} ${buffer.dtype || ""}`,
                   `at ${bytes(buffer.offset)}, steps ${buffer.live_from} to ${buffer.live_to}`,
                   writer ? `written by ${names}` : `used by ${row_of_step.get(buffer.live_from)?.name}`].join("\n");
    parts.push(mark(svg("g", { class: shade(writer) },
                        svg("rect", { class: "mark", x: from, y: up, width: Math.max(0.5, w), height: high }),
                        text(from + w / 2, y(buffer.offset + buffer.bytes / 2) + 4,
                             high > 13 && w > 58 ? bytes(buffer.bytes) : "", { class: "on", "text-anchor": "middle" })),
                    words, { row: writer?.index, buffer: place }));
  });
  const up = (row) => strip - (40 * in_use[steps.indexOf(row)]) / (most || 1);
  const line = inside.map((row) => `L${x(row.step)} ${up(row)}H${x(row.step + 1)}`);
  parts.push(svg("path", { class: "use", d: `M${left} ${strip}${line.join("")}V${strip}Z` }),
             text(left - 6, 22, bytes(most), { class: "soft", "text-anchor": "end" }),
             text(left - 6, strip, "in use", { class: "soft", "text-anchor": "end" }));
  return picture(width, height, ...parts);
});
)page"
