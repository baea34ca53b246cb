R"page(
// The profile, units, elements, and what all charts share: kinds' colours, the selected row, the zoomed block.
const profile = JSON.parse(document.getElementById("profile").textContent);
const { network = {}, run = {}, time = {}, machine = {}, buffers = [], kinds = [] } = profile;
const by_id = (id) => document.getElementById(id);

// Made once: making a format costs far more than using it.
const formats = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((decimals) =>
  new Intl.NumberFormat("en", { maximumFractionDigits: decimals }));
const number = (value, digits = 3) => {
  if (!Number.isFinite(value)) return "–";
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  const decimals = value === 0 ? 0 : Math.max(0, Math.min(8, digits - whole));
  return formats[decimals].format(value);
};
const scaled = (value, units, base) => {
  let unit = 0;
  for (; Math.abs(value) >= base && unit + 1 < units.length; ++unit) value /= base;
  return `${unit ? number(value) : number(value, value % 1 ? 3 : 0)} ${units[unit]}`;
};
const bytes = (value) => scaled(value, ["B", "KiB", "MiB", "GiB", "TiB"], 1024);
const duration = (ms) =>
  ms >= 1000 ? `${number(ms / 1000)} s` : ms >= 1 ? `${number(ms)} ms` : `${number(ms * 1000)} µs`;
const rate = (gflops) => scaled(gflops * 1e9, ["FLOP/s", "kFLOP/s", "MFLOP/s", "GFLOP/s", "TFLOP/s"], 1000);
const operations = (flops) => scaled(flops, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP"], 1000);
const percent = (value) => (Number.isFinite(value) ? `${number(value, value < 10 ? 2 : 3)} %` : "–");
const listed = (words, most) => `${words.slice(0, most).join(", ")}${words.length > most ? ", …" : ""}`;
const sum = (list, of) => list.reduce((total, item) => total + (of(item) || 0), 0);

// Elements are made from text nodes and attributes alone, so that no name of a layer is ever read as HTML.
const fill_in = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
};
const html = (tag, attributes = {}, ...children) => fill_in(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill_in(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// The seven kinds that take most time have a colour and a mark of their own, the others share the eighth.
const kind_order = new Map(kinds.map(({ kind }, place) => [kind, place]));
const colour = (kind) => (kind_order.has(kind) && kind_order.get(kind) < 7 ? kind_order.get(kind) + 1 : 0);
// Or colours say how near a row is to its roof, in fifths.
let by_roof = false;
const fifth = (row) => Math.max(0, Math.min(4, Math.floor(row.roof.percent / 20)));
const shade = (row) => (!row || (by_roof && !row.roof) ? "k0" : by_roof ? `r${fifth(row)}` : `k${colour(row.kind)}`);
const symbol = (which, x, y, size) => {
  const s = size, place = ([dx, dy]) => `${(x + dx * s).toFixed(1)} ${(y + dy * s).toFixed(1)}`;
  const points = (list) => `M${list.map(place).join("L")}Z`;
  return [
    () => points([[-1, -0.6], [-0.6, -1], [0, -0.4], [0.6, -1], [1, -0.6], [0.4, 0], [1, 0.6], [0.6, 1], [0, 0.4],
                  [-0.6, 1], [-1, 0.6], [-0.4, 0]]),
    () => `M${x - s} ${y}a${s} ${s} 0 1 0 ${2 * s} 0a${s} ${s} 0 1 0 ${-2 * s} 0Z`,
    () => points([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
    () => points([[0, -1.15], [1.1, 0.85], [-1.1, 0.85]]),
    () => points([[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]),
    () => points([[0, 1.15], [1.1, -0.85], [-1.1, -0.85]]),
    () => points([[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1],
                  [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]]),
    () => points([[0, -1.2], [1.15, -0.37], [0.7, 0.97], [-0.7, 0.97], [-1.15, -0.37]]),
  ][which]();
};
const swatch = (which, tone) =>
  svg("svg", { viewBox: "0 0 14 14", class: tone ?? `k${which}`, "aria-hidden": "true" },
      svg("path", { class: "mark", d: symbol(which, 7, 7, 5) }));

// Rows know their number, when they start in a run, and their name on the page.
let clock = 0;
const rows = (profile.rows || []).map((row, index) => {
  const start = clock;
  clock += row.time_ms || 0;
  const busy = (row.threads || []).map(({ busy_ms }) => busy_ms || 0);
  return { ...row, index, start, end: clock, busy, name: row.layer || row.operation || row.kind };
});
const total_ms = clock;
const steps = rows.filter((row) => row.step !== undefined);
const short = (row) =>
  [`${row.name}${row.step === undefined ? "" : ` (step ${row.step})`}`,
   [row.operation || row.kind, ...(row.fused || [])].join(" + "),
   `${duration(row.time_ms)}, ${percent(row.percent ?? (100 * row.time_ms) / total_ms)}`].join("\n");

// The tree of dotted names, children in run order.
const block = (name, path, parent) => ({ name, path, parent, time: 0, first: Infinity, last: -1, children: new Map() });
const named = [network.family, network.variant, network.size].filter(Boolean).join(" ") || "network";
const whole = block(named, "", undefined);
const blocks = [whole];
const staged = rows.some((row) => row.stage && row.stage !== "network");
for (const row of rows) {
  const dotted = (row.layer || "").split(".").filter(Boolean);
  let node = whole, path = [];
  const visit = () => {
    node.time += row.time_ms || 0;
    node.first = Math.min(node.first, row.index);
    node.last = row.index;
  };
  visit();
  const stage = staged && row.stage === "network" ? ["network"] : [];
  for (const name of [...stage, ...dotted.slice(0, -1)]) {
    path = [...path, name];
    if (!node.children.has(name)) {
      node.children.set(name, block(name, path.slice(stage.length).join("."), node));
      blocks.push(node.children.get(name));
    }
    node = node.children.get(name);
    visit();
  }
  row.block = node;
  node.children.set(`row ${row.index}`, { row, name: dotted.at(-1) || row.name, time: row.time_ms || 0 });
}
blocks.forEach((node, number) => { node.number = number; });

// A mark stands for a row or a block; the keyboard reaches a chart's marks by the arrow keys from its first one.
const mark = (element, text, { row, zoom, buffer } = {}) =>
  fill_in(element, { "aria-label": text, role: "button", tabindex: -1, "data-row": row, "data-zoom": zoom,
                     "data-buffer": buffer }, []);
const charts = [];
let selected = -1, zoomed = whole;
const chart = (id, label, draw) => {
  const host = by_id(id), own = { host, width: 0 };
  own.redraw = () => {
    const focus = host.contains(document.activeElement) ? document.activeElement : undefined;
    const picture = draw(Math.max(280, own.width));
    fill_in(picture, { role: "group", "aria-label": label }, []);
    host.replaceChildren(picture);
    host.querySelector("[tabindex]")?.setAttribute("tabindex", 0);
    show_state(host);
    if (!focus) return;
    const same = focus.dataset.row ? `[data-row="${focus.dataset.row}"]` : `[data-zoom="${zoomed.number}"]`;
    (host.querySelector(same) || host.querySelector("[tabindex]"))?.focus();
  };
  charts.push(own);
  new ResizeObserver(([{ contentRect: { width } }]) => requestAnimationFrame(() => {
    if (Math.abs(width - own.width) < 1) return;
    own.width = width;
    own.redraw();
  })).observe(host);
};
const picture = (width, height, ...children) => svg("svg", { viewBox: `0 0 ${width} ${height}` }, ...children);
const text = (x, y, words, attributes = {}) => svg("text", { x, y, ...attributes }, words);
const shortened = (words, width) => {
  const fits = Math.floor(width / 6.8);
  return words.length <= fits ? words : fits < 3 ? "" : `${words.slice(0, fits - 1)}…`;
};
)page"
