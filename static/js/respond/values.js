// Reads the value of one question from its inputs and writes one back.
const NUMERIC = /^\d+$/;

export function read(element) {
  if (element.dataset.reason !== undefined) return readReason(element);
  const value = {};
  for (const input of element.querySelectorAll("input[type=radio]:checked, select.cell-input")) {
    if (input.value === "") continue;
    value[NUMERIC.test(input.value) ? "number" : "special"] = NUMERIC.test(input.value) ? Number(input.value) : input.value;
  }
  for (const input of element.querySelectorAll("[data-part]")) {
    if (input.value.trim() !== "") value[input.dataset.part] = input.value;
  }
  return value;
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
  for (const radio of element.querySelectorAll("input[type=radio]")) radio.checked = radio.value === chosen;
  for (const select of element.querySelectorAll("select.cell-input")) select.value = select.matches(".cell-special") ? value.special ?? "" : chosen;
  for (const input of element.querySelectorAll("[data-part]")) input.value = value[input.dataset.part] ?? "";
}

export const causeOf = (element) => element.querySelector("[data-cause] select")?.value ?? "";

const comparable = (value) =>
  JSON.stringify(
    ["number", "low", "high", "text", "special", "stance"].map((part) => {
      const given = value?.[part] ?? "";
      const number = Number(String(given).trim().replace(",", "."));
      if (["number", "low", "high"].includes(part)) return given === "" || Number.isNaN(number) ? String(given) : number;
      return String(given).replaceAll("\r\n", "\n").trim();
    }),
  );

export const same = (one, other) => comparable(one) === comparable(other);
export const isEmpty = (value) => same(value, {});

export function inWords(element, value) {
  if (isEmpty(value)) return "";
  const chosen = value.special ?? (value.number === undefined ? "" : String(value.number));
  for (const option of element?.querySelectorAll("input[type=radio], select.cell-input option") ?? []) {
    if (option.value === chosen && chosen !== "") return (option.labels?.[0] ?? option).textContent.replace(/\s+/g, " ").trim();
  }
  return [value.low, value.number, value.high, value.text].filter((part) => part !== undefined && part !== "").join(" … ");
}

// The revision that this page last knew to be stored; the plain form sends it too.
const baseInput = (element) => element.querySelector('input[type=hidden][name$=".base"]');
export const baseOf = (element) => Number.parseInt(baseInput(element)?.value ?? "0", 10) || 0;

export function setBase(element, revision, value) {
  const input = baseInput(element);
  if (!input) return;
  input.value = element.dataset.reason !== undefined ? String(revision) : `${revision}|${JSON.stringify(value)}`;
}
