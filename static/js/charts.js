// Draws every figure[data-chart] with Plotly, in the colours of the page's tokens, now and after a change of theme.
// Colours arrive as "token:NAME"; Plotly understands no oklch(), so a canvas turns the computed colour into rgb().
const NARROW = 560;
const CONFIG = { displayModeBar: false, responsive: false, showTips: false, doubleClick: false, showAxisDragHandles: false };
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);
const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
let colours = new Map();

function colourOf(token) {
  if (!colours.has(token)) {
    probe.style.color = `var(--${token})`;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    colours.set(token, `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`);
  }
  return colours.get(token);
}

function resolved(part) {
  if (typeof part === "string") return part.startsWith("token:") ? colourOf(part.slice(6)) : part;
  if (Array.isArray(part)) return part.map(resolved);
  if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value)]));
  return part;
}

function fitted(figure, width) {
  const { data, layout } = resolved(figure);
  layout.width = width;
  layout.font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  if (width < NARROW) {
    layout.font.size = 12;
    layout.margin = { ...layout.margin, l: 4, r: 10 };
    if (layout.meta?.shortTicks) layout.yaxis.ticktext = layout.meta.shortTicks;
  }
  return { data, layout };
}

function draw(figure) {
  const plot = figure.querySelector(".plot");
  const source = document.getElementById(figure.dataset.chart);
  const width = Math.floor(plot.clientWidth);
  if (!source || !width) return;
  const { data, layout } = fitted(JSON.parse(source.textContent), width);
  figure.dataset.width = String(width);
  globalThis.Plotly.react(plot, data, layout, CONFIG).then(() => figure.classList.add("is-drawn"));
}

function openTable(figure) {
  figure.classList.add("is-failed");
  figure.querySelector("details")?.setAttribute("open", "");
}

function start(figures) {
  if (!globalThis.Plotly) {
    figures.forEach(openTable);
    return;
  }
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        draw(entry.target);
        sized.observe(entry.target);
      }
    },
    { rootMargin: "400px" },
  );
  const sized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (Math.abs(target.querySelector(".plot").clientWidth - Number(target.dataset.width)) > 2) draw(target);
    }
  });
  const again = () => {
    colours = new Map();
    figures.filter((figure) => figure.dataset.width).forEach(draw);
  };
  figures.forEach((figure) => seen.observe(figure));
  document.addEventListener("themechange", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  // Paper is white: light-dark() follows the colour scheme of the probe.
  addEventListener("beforeprint", () => {
    probe.style.colorScheme = "light";
    colours = new Map();
    figures.forEach(draw);
  });
  addEventListener("afterprint", () => {
    probe.style.colorScheme = "";
    again();
  });
}

start([...document.querySelectorAll("figure[data-chart]")]);

// On a narrow screen the tabs scroll: begin with the present one in view.
for (const tab of document.querySelectorAll(".results .tabs [aria-current]")) {
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16;
}

// A filter that changes is applied at once; without this script its button does the same.
for (const form of document.querySelectorAll("form[data-instant]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
}
