// Answers as a reader meets them, in the words of the page's own inputs; the server writes them in the same form.
import { word } from "./page.js";
import { isEmpty, isSwitch, items } from "./values.js";

const label = (option) => (option.labels?.[0] ?? option).textContent.replace(/\s+/g, " ").trim();

export function inWords(element, value) {
  if (isEmpty(value)) return "";
  const parts = element ? partsInWords(element, value.parts ?? {}) : "";
  const words = numberInWords(element, value);
  const composed = [words, value.low === undefined && value.high === undefined ? "" : `(${value.low ?? "?"} … ${value.high ?? "?"})`, words && parts ? `(${parts})` : parts];
  // The text of "other" stands among the parts already.
  return [...composed, value.parts?.other === undefined ? value.text : ""].filter((part) => part !== undefined && part !== "").join(" ");
}

const line = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

// One answer or reason as its author would look for it: the technology, the question, the answer.
export function inFull(home, value) {
  const isReason = home.dataset.reason !== undefined;
  const said = (isReason ? value.text : inWords(home, value)) || "–";
  if (home.matches(".is-cell")) return `${home.querySelector("[aria-label]").getAttribute("aria-label")}: ${said}`;
  const title = home.dataset.about ?? line(home.closest("article")?.querySelector("h1"));
  const label = home.querySelector(isReason ? "h2" : "legend, label, h3");
  return [title, line(label?.firstChild) || line(label), said].filter(Boolean).join("\n"); // marks beside it left out
}

function numberInWords(element, value) {
  const chosen = value.special ?? (value.number === undefined ? "" : String(value.number));
  if (chosen === "") return "";
  const option = [...(element?.querySelectorAll("input[type=radio]:not([data-item]), select.cell-input option") ?? [])].find((each) => each.value === chosen);
  if (option) return label(option);
  const unit = value.special ? "" : element?.querySelector("[data-part=number]")?.parentElement.querySelector(".unit")?.textContent ?? "";
  if (unit === "%") return word("percent", { n: chosen });
  return `${chosen}${unit > "\u2e80" ? "" : " "}${unit}`.trim();
}

// A sign for each comparison in pairs: by the value of the first side's button.
const SIGNS = { 1: ">", 0: "=", "-1": "<" };

function partsInWords(element, parts) {
  const said = [];
  const text = element.querySelector("[data-part=text]")?.value.trim();
  for (const input of items(element)) {
    const part = parts[input.dataset.item];
    if (part === undefined || part === "" || (isSwitch(input) && String(part) !== input.value)) continue;
    if (element.dataset.kind === "ranking") said.push([Number(part), `${part}. ${input.dataset.label}`]);
    else if (element.dataset.kind === "pairwise") said.push([0, pair(input, part)]);
    else if (element.dataset.kind === "certainty") said.push([0, word("percent", { n: part })]);
    else if (input.type === "checkbox") said.push([0, input.dataset.item === "other" && text ? `${input.dataset.label}: ${text}` : input.dataset.label]);
    else said.push([0, `${input.dataset.label}: ${part}`]);
  }
  return said.sort(([one], [other]) => one - other).map(([, words]) => words).join("; ");
}

function pair(input, part) {
  const sides = [...input.closest(".pair").querySelectorAll("input")];
  return `${label(sides[0])} ${SIGNS[part]} ${label(sides.at(-1))}`;
}
