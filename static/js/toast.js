// Announces: dispatch `new CustomEvent("toast", {detail: {level, text}})` on document.body, or send HX-Trigger from the server.
const region = document.getElementById("toasts");
const ICONS = { success: "check", good: "check", error: "alert", bad: "alert", warning: "alert", warn: "alert" };
const SVG = "http://www.w3.org/2000/svg";

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${region.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

function closer() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-icon btn-s";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", region.dataset.dismiss);
  button.append(icon("close"));
  return button;
}

export function toast({ level = "info", text }) {
  const notice = document.createElement("div");
  notice.className = `notice is-${level}`;
  const words = document.createElement("div");
  words.textContent = text;
  notice.append(icon(ICONS[level] ?? "info"), words, closer());
  region.append(notice);
  // What went wrong stays until it is read; good news may leave by itself.
  if (level === "info" || level === "success") setTimeout(() => notice.remove(), 6000 + 50 * text.length);
}

document.body.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("click", (event) => {
  event.target.closest("button[data-dismiss]")?.closest(".notice")?.remove();
});

const reveal = (root) => root.querySelectorAll?.("button[data-dismiss][hidden]").forEach((button) => (button.hidden = false));
reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.target));
