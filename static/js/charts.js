// Draws every figure[data-chart] from its JSON. Colours are design tokens, so a figure follows light and dark.

const TOKEN = /^token:(.+)$/;
const NARROW = 560;

function resolved(style, value) {
  if (typeof value === "string") {
    const token = value.match(TOKEN);
    return token ? colour(style, token[1]) : value;
  }
  if (Array.isArray(value)) return value.map((part) => resolved(style, part));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(style, part)]));
  }
  return value;
}

// light-dark() and oklch() are resolved by the browser; a canvas turns them into what Plotly reads.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const probe = document.createElement("span");

function colour(style, name) {
  probe.className = "visually-hidden";
  document.body.append(probe);
  probe.style.color = `var(--${name})`;
  const computed = getComputedStyle(probe).color;
  probe.remove();
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = computed;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgba(${r},${g},${b},${a / 255})`;
}

function draw(figure) {
  const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const plot = figure.querySelector("[data-plot]");
  const style = getComputedStyle(plot);
  const layout = resolved(style, data.layout);
  layout.font = { ...layout.font, family: style.fontFamily };
  const short = layout.meta?.shortTicks;
  if (short && plot.clientWidth < NARROW) layout.yaxis = { ...layout.yaxis, ticktext: short };
  const options = { responsive: true, displayModeBar: false, displaylogo: false, scrollZoom: false };
  return window.Plotly.react(plot, resolved(style, data.data), layout, options);
}

function drawAll() {
  for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
}

function follow(plot) {
  plot.on?.("plotly_click", (event) => {
    const address = event.points?.[0]?.customdata?.url;
    if (typeof address === "string" && address.startsWith("/")) window.location.assign(address);
  });
}

if (window.Plotly) {
  drawAll();
  for (const plot of document.querySelectorAll("[data-plot]")) follow(plot);
  document.addEventListener("themechange", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
