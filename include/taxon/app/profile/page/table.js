R"page(
// Columns are sorted by `of`, shown by `show`; the sum of several rows is shown where `total` says how.
const decimals = total_ms < 10 ? 4 : total_ms < 1000 ? 3 : 2;
const shape = (tensor) => (tensor?.shape ? tensor.shape.join(" × ") : "");
const bar = (value) => {
  const inner = html("i");
  inner.style.width = `${Math.max(0, Math.min(100, value))}%`;
  return html("span", { class: "share", "aria-hidden": "true" }, inner);
};
const with_bar = (value) => (Number.isFinite(value) ? [value.toFixed(1), bar(value)] : []);
const plain = (value, digits = 3) => (Number.isFinite(value) ? [number(value, digits)] : []);
const share = (row) => (100 * row.time_ms) / total_ms;
const over_time = (list, field) => {
  const with_field = list.filter((row) => row[field] > 0);
  return sum(with_field, (row) => row[field]) / sum(with_field, (row) => row.time_ms) / 1e6;
};
const operation_of = (row) => [row.operation, ...(row.fused || [])].filter(Boolean).join(" + ");
const kernel_of = (row) => [row.kernel?.name, row.kernel?.tile].filter(Boolean).join(", ");
const numbers_of = (row) => row.weights?.dtype || row.output?.dtype;
const columns = [
  { name: "step", of: (row) => row.index, show: (row) => [row.step ?? ""], number: true },
  { name: "layer", of: (row) => row.name, show: (row) => [row.name] },
  { name: "kind", of: (row) => row.kind, show: (row) => [swatch(colour(row.kind)), row.kind] },
  { name: "ms", of: (row) => row.time_ms, show: (row) => [row.time_ms.toFixed(decimals)], number: true,
    total: (list) => [sum(list, (row) => row.time_ms).toFixed(decimals)] },
  { name: "% of time", of: share, show: (row) => with_bar(share(row)), number: true,
    total: (list) => with_bar(sum(list, share)) },
  { name: "% of roof", of: (row) => row.roof?.percent, show: (row) => with_bar(row.roof?.percent), number: true,
    total: (list) => with_bar(of_roof(list)) },
  { name: "bound", of: (row) => row.roof?.bound, show: (row) => [row.roof?.bound || ""] },
  { name: "GFLOP/s", of: (row) => row.gflops, show: (row) => plain(row.gflops || undefined), number: true,
    total: (list) => plain(over_time(list, "flops")) },
  { name: "GB/s", of: (row) => row.gbs, show: (row) => plain(row.gbs), number: true,
    total: (list) => plain(over_time(list, "moved_bytes")) },
  { name: "imbalance", of: (row) => row.imbalance, show: (row) => plain(row.imbalance), number: true,
    hidden: lanes < 2 },
  { name: "SNR, dB", of: (row) => row.accuracy?.snr_db, show: (row) => plain(row.accuracy?.snr_db), number: true,
    hidden: !rows.some((row) => row.accuracy) },
  { name: "operation", of: (row) => row.operation, show: (row) => [operation_of(row)] },
  { name: "output", of: (row) => row.output?.bytes, show: (row) => [shape(row.output)] },
  { name: "numbers", of: numbers_of, show: (row) => [numbers_of(row) || ""] },
  { name: "kernel", of: (row) => row.kernel?.name, show: (row) => [kernel_of(row)] },
].filter(({ hidden }) => !hidden);

const cell = (column, content) =>
  html(column.name === "layer" ? "th" : "td", { class: column.number ? "number" : undefined,
                                                scope: column.name === "layer" ? "row" : undefined }, ...content);
const body = html("tbody"), heads = columns.map((column) =>
  html("th", { scope: "col", class: `${column.number ? "number" : ""} ${column.name === "layer" ? "name" : ""}` },
       html("button", { type: "button" }, column.name)));
by_id("table").append(html("thead", {}, html("tr", {}, ...heads)), body);
const table_rows = rows.map((row) =>
  html("tr", { "data-row": row.index, tabindex: -1 }, ...columns.map((column) => cell(column, column.show(row)))));
let sorted = { column: columns[0], down: false, grouped: false };

const in_order = (list, { column, down }) => [...list].sort((a, b) => {
  const [left, right] = [column.of(a), column.of(b)];
  const missing = (value) => value === undefined || Number.isNaN(value);
  if (missing(left) || missing(right)) return missing(left) - missing(right) || a.index - b.index;
  const order = typeof left === "string" ? left.localeCompare(right, "en", { numeric: true }) : left - right;
  return (down ? -order : order) || a.index - b.index;
});
function fill_table() {
  const kept = in_order(rows.filter(matches), sorted), elements = (list) => list.map((row) => table_rows[row.index]);
  if (!sorted.grouped) body.replaceChildren(...elements(kept));
  else body.replaceChildren(...kinds.flatMap(({ kind }) => {
    const own = kept.filter((row) => row.kind === kind);
    const words = { kind: [kind], layer: [`${own.length} rows`] };
    const heading = columns.map((column) => cell(column, column.total ? column.total(own) : words[column.name] || []));
    return own.length ? [html("tr", { class: "group" }, ...heading), ...elements(own)] : [];
  }));
  for (const element of table_rows) element.setAttribute("tabindex", -1);
  body.querySelector("[tabindex]")?.setAttribute("tabindex", 0);
  heads.forEach((head, place) => {
    if (columns[place] === sorted.column) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  const order = { "ms true": "time", "step false": "order" }[`${sorted.column.name} ${sorted.down}`];
  const view = sorted.grouped ? "kind" : order;
  for (const button of document.querySelectorAll("[data-view]"))
    button.setAttribute("aria-pressed", button.dataset.view === view);
}
// Only the table scrolls, not the page.
function show_in_table(index) {
  const place = table_rows[index].offsetTop, list = body.closest(".scroll");
  if (place < list.scrollTop + 60 || place > list.scrollTop + list.clientHeight - 60)
    list.scrollTop = place - list.clientHeight / 2;
}

const column_named = (name) => columns.find((column) => column.name === name);
heads.forEach((head, place) => head.firstChild.addEventListener("click", () => {
  const column = columns[place], again = column === sorted.column;
  const down = again ? !sorted.down : Boolean(column.number) && column.name !== "step";
  sorted = { column, down, grouped: sorted.grouped };
  fill_table();
}));
for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => {
  const { view } = button.dataset;
  sorted = { column: column_named(view === "order" ? "step" : "ms"), down: view !== "order", grouped: view === "kind" };
  fill_table();
});
by_id("save").href = URL.createObjectURL(new Blob([JSON.stringify(profile, null, 2)], { type: "application/json" }));
)page"
