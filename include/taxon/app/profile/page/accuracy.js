R"page(
// Signal to noise of each step against float32, in run order: a low mark is a step to keep in a wider type.
const noisy = steps.filter((row) => Number.isFinite(row.accuracy?.snr_db));
if (!noisy.length) document.querySelector("[aria-labelledby=h-accuracy]").hidden = true;
else chart("accuracy", "Accuracy: signal to noise of each step in decibels", (width) => {
  const shown = noisy.filter((row) => zoomed.first <= row.index && row.index <= zoomed.last);
  const height = 240, left = 46, right = width - 12, top = 14, bottom = height - 36, parts = [];
  const all = noisy.map((row) => row.accuracy.snr_db), low = Math.min(0, ...all), high = Math.max(...all);
  const x = (place) => left + ((right - left) * (place + 0.5)) / shown.length;
  const y = (snr) => bottom - ((bottom - top) * (snr - low)) / (high - low || 1);
  for (let snr = Math.ceil(low / 20) * 20; snr <= high; snr += 20)
    parts.push(svg("path", { class: "grid", d: `M${left} ${y(snr)}H${right}` }),
               text(left - 6, y(snr) + 4, snr, { class: "soft", "text-anchor": "end" }));
  parts.push(text(left + 4, top, "dB", { class: "soft halo" }),
             text((left + right) / 2, height - 6, "steps in run order", { class: "soft", "text-anchor": "middle" }));
  shown.forEach((row, place) => {
    const at = y(row.accuracy.snr_db);
    parts.push(mark(svg("g", { class: shade(row) }, svg("path", { class: "grid", d: `M${x(place)} ${bottom}V${at}` }),
                        svg("path", { class: "mark", d: symbol(colour(row.kind), x(place), at, 5) })),
                    `${short(row)}\nsignal to noise: ${number(row.accuracy.snr_db)} dB`, { row: row.index }));
  });
  return picture(width, height, ...parts);
});
)page"
