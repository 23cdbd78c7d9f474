// The topic map: zoom and pan by changing the viewBox, arrow keys from node to node. Every node is a link, so the map
// works without this file; with it one Tab enters the map and one leaves it.
const map = document.querySelector("[data-map]");

function box() {
  const view = map.viewBox.baseVal;
  return { x: view.x, y: view.y, width: view.width, height: view.height };
}

function show({ x, y, width, height }) {
  map.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
}

function zoomer(whole) {
  return (factor, at) => {
    const now = box();
    const width = Math.min(whole.width, Math.max(whole.width / 12, now.width * factor));
    const height = width * whole.height / whole.width;
    const centre = at ?? { x: now.x + now.width / 2, y: now.y + now.height / 2 };
    const left = (centre.x - now.x) / now.width, top = (centre.y - now.y) / now.height;
    show({ x: centre.x - left * width, y: centre.y - top * height, width, height });
  };
}

function point(event) {
  const matrix = map.getScreenCTM();
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
}

function middle(node) {
  const frame = node.querySelector("circle").getBBox();
  return { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
}

// Left and right go through a topic and its dots, and on to the next topic; up and down go from topic to topic. Every
// node is reached, which going by direction on the drawing would not promise.
function ordered(nodes) {
  const place = (node) => Number(node.dataset.place);
  return [...nodes].sort((a, b) => place(a) - place(b)); // stable: a topic stands before its dots
}

function step(nodes, from, key) {
  const at = nodes.indexOf(from);
  if (key === "ArrowRight") return nodes[at + 1];
  if (key === "ArrowLeft") return nodes[at - 1];
  const heads = nodes.filter((node, n) => n === 0 || node.dataset.place !== nodes[n - 1].dataset.place);
  const own = heads.findLastIndex((head) => nodes.indexOf(head) <= at);
  if (key === "ArrowDown") return heads[own + 1];
  return heads[own] === from ? heads[own - 1] : heads[own];
}

const ARROWS = new Set(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"]);

function rove(nodes) {
  const start = nodes.find((node) => node.hasAttribute("aria-current")) ?? nodes[0];
  for (const node of nodes) node.setAttribute("tabindex", node === start ? "0" : "-1");
  return (node) => {
    for (const each of nodes) each.setAttribute("tabindex", each === node ? "0" : "-1");
    node.focus({ preventScroll: true });
  };
}

function keepInSight(node) {
  const view = box(), at = middle(node);
  const edge = 0.08 * view.width;
  const out = at.x < view.x + edge || at.x > view.x + view.width - edge || at.y < view.y + edge || at.y > view.y + view.height - edge;
  if (out) show({ ...view, x: at.x - view.width / 2, y: at.y - view.height / 2 });
}

function dragging(whole) {
  let grip = null, moved = false;
  map.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && box().width >= whole.width) return; // the page scrolls while all is shown
    grip = { x: event.clientX, y: event.clientY, view: box() };
    moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
    if (Math.hypot(dx, dy) > 5) moved = true;
    if (!moved) return;
    const scale = map.getScreenCTM().a;
    show({ ...grip.view, x: grip.view.x - dx / scale, y: grip.view.y - dy / scale });
  });
  window.addEventListener("pointerup", () => { grip = null; });
  window.addEventListener("pointercancel", () => { grip = null; });
  map.addEventListener("click", (event) => { if (moved) { event.preventDefault(); moved = false; } }, true);
  map.addEventListener("dragstart", (event) => event.preventDefault());
}

if (map) {
  const whole = box(), zoom = zoomer(whole), nodes = ordered(map.querySelectorAll("[data-node]"));
  const focus = nodes.length ? rove(nodes) : null;
  const tools = document.querySelector("[data-map-tools]");
  const acts = { in: () => zoom(0.7), out: () => zoom(1 / 0.7), all: () => show(whole) };
  tools.hidden = false;
  tools.addEventListener("click", (event) => acts[event.target.closest("[data-zoom]")?.dataset.zoom]?.());
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 0.87, point(event));
  }, { passive: false });
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = event.target.closest("[data-node]");
    const act = { "+": acts.in, "=": acts.in, "-": acts.out, 0: acts.all }[event.key];
    const next = from && ARROWS.has(event.key) ? step(nodes, from, event.key) : null;
    if (!act && !ARROWS.has(event.key)) return;
    event.preventDefault();
    act?.();
    if (next) { focus(next); keepInSight(next); }
  });
  dragging(whole);
  if (location.hash === "#side") document.getElementById("side-title")?.focus({ preventScroll: false });
}
