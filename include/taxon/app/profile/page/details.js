R"page(
// All that is known of the selected row.
const tensor_words = (tensor) =>
  tensor && [shape(tensor), tensor.dtype, tensor.bytes !== undefined && bytes(tensor.bytes),
             tensor.strides && `strides ${tensor.strides.join(", ")}`].filter(Boolean).join(", ");
function show_details() {
  const row = rows[selected], aside = by_id("details");
  if (!row) return aside.replaceChildren();
  const roof = row.roof, peak = multiplied(row) / roof?.compute_ms / 1e6;
  const transfer = row.moved_bytes / roof?.memory_ms / 1e6;
  const facts = [
    ["layers", row.layers?.join(", ")], ["kind", row.kind],
    ["operation", operation_of(row)],
    ["time", `${duration(row.time_ms)} (${percent(share(row))})`], ["least time", row.min_ms && duration(row.min_ms)],
    ["kernel", kernel_of(row)], ["why", row.kernel?.why],
    ["chain", row.chain && `steps ${row.chain.first_step} to ${row.chain.last_step}, ${row.chain.rows} rows at a time`],
    ["roof", roof && `${percent(roof.percent)}: ${duration(roof.ms)} at the roof, bound by ${roof.bound}`],
    ["arithmetic", roof?.compute_ms && `${duration(roof.compute_ms)} at ${rate(peak)}`],
    ["transfer", roof?.memory_ms && `${duration(roof.memory_ms)} at ${number(transfer)} GB/s`],
    ["operations", row.flops && operations(row.flops)],
    ["multiplied", row.kernel_flops && row.kernel_flops !== row.flops && operations(row.kernel_flops)],
    ["speed", row.gflops && `${rate(row.gflops)}, ${number(row.gbs)} GB/s`],
    ["moved", row.moved_bytes && bytes(row.moved_bytes)],
    ["input", tensor_words(row.input)], ["operand", tensor_words(row.operand)], ["output", tensor_words(row.output)],
    ["weights", tensor_words(row.weights)], ["buffer", row.buffer],
    ["threads", listed(row.busy.map((busy, lane) => `${lane}: ${duration(busy)}`), 16)],
    ["imbalance", row.imbalance && `${number(row.imbalance)} (slowest / mean)`],
    ...Object.entries(row.accuracy || {}).map(([name, value]) =>
      [name, typeof value === "number" ? number(value, 4) : JSON.stringify(value)]),
  ].filter(([, value]) => value !== undefined && value !== "" && value !== false && value !== 0);
  const move = (words, to) =>
    html("button", { type: "button", ...(rows[to] ? { "data-row": to } : { disabled: "" }) }, words);
  const close = html("button", { type: "button" }, "Close");
  close.addEventListener("click", () => select(-1));
  aside.replaceChildren(
    html("h2", {}, row.name, row.step === undefined ? "" : ` (step ${row.step})`),
    html("div", { class: "buttons" }, move("Previous", selected - 1), move("Next", selected + 1), close),
    html("dl", {}, ...facts.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, String(value))])));
}
fill_table();
for (const one of charts) one.width = one.host.clientWidth;  // all before the first is drawn: one layout
redraw_all();
)page"
