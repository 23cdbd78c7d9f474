// Two scales as one field: a click sets both, the arrow keys move the point.
const FIELD = { left: 20, top: 8, size: 212 };
const NAMESPACE = "http://www.w3.org/2000/svg";

const radios = (plane, axis) => [...plane.querySelectorAll(`input[data-item="${axis}"]`)];
const at = (plane, axis) => radios(plane, axis).findIndex((radio) => radio.checked);

function spot(plane, axis, index) {
  const step = FIELD.size / radios(plane, axis).length;
  const along = step * (index + 0.5);
  return axis === "x" ? FIELD.left + along : FIELD.top + FIELD.size - along;
}

function lines(plane) {
  const group = plane.querySelector("[data-lines]");
  if (group.children.length) return;
  radios(plane, "x").forEach((_x, x) => radios(plane, "y").forEach((_y, y) => {
    const dot = document.createElementNS(NAMESPACE, "circle");
    const attributes = { class: "plane-dot", cx: spot(plane, "x", x), cy: spot(plane, "y", y), r: 2 };
    for (const [name, value] of Object.entries(attributes)) dot.setAttribute(name, value);
    group.append(dot);
  }));
}

function put(circle, plane, x, y) {
  circle.setAttribute("cx", x < 0 || y < 0 ? -20 : spot(plane, "x", x));
  circle.setAttribute("cy", x < 0 || y < 0 ? -20 : spot(plane, "y", y));
}

export function drawPlane(plane) {
  lines(plane);
  put(plane.querySelector(".plane-own"), plane, at(plane, "x"), at(plane, "y"));
  const earlier = plane.querySelector(".plane-earlier");
  const of = (axis) => radios(plane, axis).findIndex((radio) => radio.value === earlier.dataset[axis]);
  put(earlier, plane, of("x"), of("y"));
}

function set(plane, axis, index) {
  const all = radios(plane, axis);
  const radio = all[Math.max(0, Math.min(all.length - 1, index))];
  if (radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function say(plane) {
  plane.querySelector("[data-place]").textContent = ["x", "y"]
    .map((axis) => radios(plane, axis)[at(plane, axis)])
    .filter(Boolean).map((radio) => `${radio.dataset.label}: ${radio.value}`).join(", ");
}

export function watchPlane() {
  document.addEventListener("click", (event) => {
    const svg = event.target.closest?.("[data-plane] svg");
    if (!svg) return;
    const plane = svg.closest("[data-plane]");
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const cell = (axis) => FIELD.size / radios(plane, axis).length;
    set(plane, "x", Math.floor((point.x - FIELD.left) / cell("x")));
    set(plane, "y", Math.floor((FIELD.top + FIELD.size - point.y) / cell("y")));
    say(plane);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("[data-field]");
    const move = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", 1], ArrowDown: ["y", -1] }[event.key];
    if (!field || !move) return;
    event.preventDefault();
    const plane = field.closest("[data-plane]");
    const middle = (axis) => (radios(plane, axis).length - 1) >> 1;
    for (const axis of ["x", "y"]) if (at(plane, axis) < 0) set(plane, axis, middle(axis));
    set(plane, move[0], at(plane, move[0]) + move[1]);
    say(plane);
  });
}
