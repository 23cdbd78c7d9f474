// Reads the value of one question from its inputs and writes one back.
//
// Inputs with `data-part` hold text, numbers and ends of an estimate; those with `data-item` hold one option, axis
// or pair of a composite answer. Other radios hold a number or a special answer.
const NUMERIC = /^-?\d+$/;
export const isSwitch = (input) => input.type === "radio" || input.type === "checkbox";
export const items = (element) => element.querySelectorAll("[data-item]");
const plainRadios = (element) => element.querySelectorAll("input[type=radio]:not([data-item])");

export const typedInputs = "textarea, input[data-part], input[data-item]:not([type=radio], [type=checkbox])";

export function read(element) {
  if (element.dataset.reason !== undefined) return readReason(element);
  const value = {};
  for (const input of element.querySelectorAll("input[type=radio]:not([data-item]):checked, select.cell-input")) {
    if (input.value === "") continue;
    value[NUMERIC.test(input.value) ? "number" : "special"] = NUMERIC.test(input.value) ? Number(input.value) : input.value;
  }
  for (const input of element.querySelectorAll("[data-part]")) {
    if (input.value.trim() !== "") value[input.dataset.part] = input.value;
  }
  const parts = readItems(element);
  if (Object.keys(parts).length) value.parts = parts;
  return value;
}

function readItems(element) {
  const parts = {};
  for (const input of items(element)) {
    if (isSwitch(input) ? !input.checked : input.value.trim() === "") continue;
    parts[input.dataset.item] = NUMERIC.test(input.value) ? Number(input.value) : input.value;
  }
  return parts;
}

function readReason(element) {
  return {
    text: element.querySelector("textarea").value,
    stance: element.querySelector("input[type=radio]:checked")?.value ?? "",
  };
}

export function write(element, value) {
  if (element.dataset.reason !== undefined) {
    element.querySelector("textarea").value = value.text ?? "";
    for (const radio of element.querySelectorAll("input[type=radio]")) radio.checked = radio.value === (value.stance ?? "");
    return;
  }
  const chosen = value.special ?? (value.number === undefined ? "" : String(value.number));
  for (const radio of plainRadios(element)) radio.checked = radio.value === chosen;
  for (const select of element.querySelectorAll("select.cell-input")) select.value = select.matches(".cell-special") ? value.special ?? "" : chosen;
  for (const input of element.querySelectorAll("[data-part]")) input.value = value[input.dataset.part] ?? "";
  writeItems(element, value.parts ?? {});
}

function writeItems(element, parts) {
  for (const input of items(element)) {
    const part = String(parts[input.dataset.item] ?? "");
    if (isSwitch(input)) input.checked = part !== "" && part === input.value;
    else input.value = part;
  }
  written(element);
}

// Composite questions draw themselves anew when their inputs were written by a script.
const written = (element) => element.dispatchEvent(new CustomEvent("written", { bubbles: true }));

// A special answer such as "cannot judge" leaves no value beside it.
export function clearValue(element) {
  for (const input of element.querySelectorAll("[data-part]")) input.value = "";
  for (const radio of plainRadios(element)) if (!radio.name.endsWith(".special")) radio.checked = false;
  writeItems(element, {});
}

export function clearSpecial(element) {
  for (const radio of element.querySelectorAll('input[type=radio][name$=".special"]')) radio.checked = false;
  for (const select of element.querySelectorAll("select.cell-special")) select.value = "";
}

export const causeOf = (element) => element.querySelector("[data-cause] select")?.value ?? "";

// As the server reads what people type: full-width digits, a comma for the point, commas between thousands.
export function asNumber(given) {
  const text = String(given ?? "").normalize("NFKC").replace("%", "").trim();
  const plain = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text.replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

const numberOrText = (given) => {
  const number = asNumber(given);
  return Number.isNaN(number) ? String(given) : number;
};

const comparable = (value) =>
  JSON.stringify([
    ...["number", "low", "high"].map((part) => numberOrText(value?.[part] ?? "")),
    ...["text", "special", "stance"].map((part) => String(value?.[part] ?? "").replaceAll("\r\n", "\n").trim()),
    Object.entries(value?.parts ?? {}).map(([key, part]) => [key, numberOrText(part)]).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);

export const same = (one, other) => comparable(one) === comparable(other);
export const isEmpty = (value) => same(value, {});

// The revision that this page last knew to be stored; the plain form sends it too.
const baseInput = (element) => element.querySelector('input[type=hidden][name$=".base"]');
export const baseOf = (element) => Number.parseInt(baseInput(element)?.value ?? "0", 10) || 0;

export function setBase(element, revision, value) {
  const input = baseInput(element);
  if (!input) return;
  input.value = element.dataset.reason !== undefined ? String(revision) : `${revision}|${JSON.stringify(value)}`;
}

// What was stored when the page or the last save told it.
export function storedOf(element) {
  const token = baseInput(element)?.value ?? "";
  return token.includes("|") ? JSON.parse(token.slice(token.indexOf("|") + 1)) : {};
}
