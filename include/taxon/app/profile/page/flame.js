R"page(
// Blocks above layers; the width is time. What lies above the zoomed block is drawn in full width.
const depth_of = (node) => (node.row ? 0 : 1 + Math.max(-1, ...[...node.children.values()].map(depth_of)));
chart("flame", "Flame graph: time by name", (width) => {
  const high = 24, bars = [];
  const bar = (node, level, x, w) => {
    const y = level * high, row = node.row;
    const path = row ? row.name : node.path || node.name;
    const share = `${duration(node.time)}, ${percent((100 * node.time) / total_ms)}`;
    const label = shortened(path, w - 8) === path ? path : shortened(node.name, w - 8);
    return mark(svg("g", { class: row ? shade(row) : "block" },
                    svg("rect", { class: "mark", x, y: y + 1, width: Math.max(0.4, w - 0.5), height: high - 2 }),
                    text(x + 5, y + 16, label, { class: "on" })),
                row ? short(row) : `${path}\n${share}`, row ? { row: row.index } : { zoom: node.number });
  };
  const draw = (node, level, x, w) => {
    bars.push(bar(node, level, x, w));
    if (node.row) return;
    for (const child of node.children.values()) {
      const part = node.time ? (w * child.time) / node.time : 0;
      if (part >= 0.3) draw(child, level + 1, x, part);
      x += part;
    }
  };
  const above = [];
  for (let up = zoomed.parent; up; up = up.parent) above.unshift(up);
  above.forEach((node, level) => bars.push(bar(node, level, 0, width)));
  draw(zoomed, above.length, 0, width);
  return picture(width, high * (above.length + depth_of(zoomed) + 1), ...bars);
});
)page"
