R"page(
// Selection, zoom and filter: one listener each for the whole page.
let wanted = "";
const searched = rows.map((row) => [row.name, ...(row.layers || []), row.kind, row.operation, row.kernel?.name,
                                    ...(row.fused || [])].join("\n").toLowerCase());
const matches = (row) => !wanted || searched[row.index].includes(wanted);
const is_within = (node, outer) => Boolean(node) && (node === outer || is_within(node.parent, outer));

function show_state(part) {
  for (const element of part.querySelectorAll("[data-row]")) {
    const row = rows[element.dataset.row];
    element.classList.toggle("selected", row.index === selected ||
                             (selected >= 0 && element.dataset.buffer === String(rows[selected].buffer)));
    element.classList.toggle("dim", !matches(row) || !is_within(row.block, zoomed));
  }
}

function select(index) {
  selected = index;
  document.body.classList.toggle("selecting", index >= 0);
  show_state(document);
  show_details();
  if (index >= 0) show_in_table(index);
}

function zoom(node) {
  zoomed = node;
  const path = [];
  for (let up = node; up; up = up.parent) path.unshift(up);
  by_id("path").replaceChildren(...(node === whole ? [] : path.flatMap((up, depth) => [
    ...(depth ? [" › "] : []),
    up === node ? html("b", {}, up.name)
                : html("button", { type: "button", class: "plain", "data-zoom": up.number }, up.name)])));
  redraw_all();
}

function redraw_all() {
  for (const { redraw } of charts) redraw();
}

function show_colours() {
  for (const legend of document.querySelectorAll(".legend")) fill_legend(legend);
  for (const button of document.querySelectorAll("[data-colour]"))
    button.setAttribute("aria-pressed", by_roof === (button.dataset.colour === "roof"));
}

function filter(words) {
  wanted = words.trim().toLowerCase();
  if (by_id("filter").value !== words) by_id("filter").value = words;
  const kept = rows.filter(matches);
  const part = percent((100 * sum(kept, (row) => row.time_ms)) / total_ms);
  by_id("matches").value = wanted ? `${kept.length} of ${rows.length} rows, ${part} of the time` : "";
  show_state(document);
  fill_table();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-row], [data-zoom], [data-filter], [data-colour]");
  if (!target) return;
  if (target.dataset.colour) {
    by_roof = target.dataset.colour === "roof";
    redraw_all();
    show_colours();
  } else if (target.dataset.zoom) zoom(blocks[target.dataset.zoom]);
  else if (target.dataset.row) select(Number(target.dataset.row));
  else filter(wanted === target.dataset.filter.toLowerCase() ? "" : target.dataset.filter);
});
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape" && target.id !== "filter") {
    if (zoomed !== whole) zoom(zoomed.parent);
    else select(-1);
    return;
  }
  const host = target.closest(".chart, tbody");
  if (!host || !target.matches("[tabindex]")) return;
  const all = [...host.querySelectorAll("[tabindex]:not([hidden])")], place = all.indexOf(target);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -all.length, End: all.length }[key];
  if (step) {
    const next = all[Math.max(0, Math.min(all.length - 1, place + step))];
    target.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
  } else if (key === "Enter" || key === " ") target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  else return;
  event.preventDefault();
});
by_id("filter").addEventListener("input", (event) => filter(event.target.value));

// The text of the mark under the pointer or in focus.
const tip = by_id("tip");
function show_tip(element, x, y) {
  const owner = element?.closest?.(".chart [aria-label][role=button]");
  tip.hidden = !owner;
  if (!owner) return;
  tip.textContent = owner.getAttribute("aria-label");
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(innerWidth - width - 4, x + 14))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? Math.max(4, y - height - 10) : y + 18}px`;
}
document.addEventListener("pointermove", (event) => show_tip(event.target, event.clientX, event.clientY));
document.addEventListener("pointerleave", () => show_tip());
document.addEventListener("focusin", ({ target }) => {
  const box = target.getBoundingClientRect();
  show_tip(target.matches(":focus-visible") ? target : undefined, box.left, box.bottom - 12);
});
addEventListener("scroll", () => show_tip(), { passive: true });
)page"
