// The table's cells whose answer needs more room: the widgets of the technology's own page open in a dialog over it.
//
// An editor is fetched once and then stays in the page: its inputs are saved, kept and restored like all others.
import { restoreOne } from "./autosave.js";
import { showErrors } from "./errors.js";
import { inWords } from "./inwords.js";
import { elementOf, keyOf, settings, word } from "./page.js";
import { read, same, storedOf } from "./values.js";

const LONGEST = 120;
const PATIENCE = 10_000;
const REFUSED = { 401: "session", 403: "session", 404: "session", 409: "closed", 410: "session" };
const FIRST = "input:not([type=hidden]), select, textarea";

const dialog = document.querySelector("[data-editor]");
const body = dialog?.querySelector("[data-editor-body]");
const cellOf = (key) => [...document.querySelectorAll("[data-cell]")].find((cell) => cell.dataset.cell === key);
const homes = () => [...body.children];
const title = (cell) => cell.closest("tr").querySelector("th a").textContent.trim();

function address(cell) {
  const [, code, question] = cell.dataset.cell.split(" ");
  return settings.technology.replace("CODE", code) + (question ? `ask/${question}/` : "reason/");
}

function summary(cell, home) {
  const value = read(home);
  const words = (home.dataset.reason === undefined ? inWords(home, value) : value.text).replace(/\s+/g, " ").trim();
  const short = words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
  const isOpen = short && !value.special && Object.keys(value.parts ?? {}).length < Number(cell.dataset.needs ?? 0);
  return isOpen ? word("unfinished", { answer: short }) : short;
}

// Where no round asks any more, the way leads to the welcome page.
const refusal = (response) => (response?.type === "opaqueredirect" ? "closed" : REFUSED[response?.status] ?? "noeditor");

// Among radios the chosen one has the place in the order of the keyboard; a reason is its text.
const first = (home) => home.querySelector(home.dataset.reason === undefined ? "input[type=radio]:checked" : "textarea") ?? home.querySelector(FIRST);

export function openers(queue) {
  const loading = new Map();
  let current = null;

  function show(home) {
    const cell = cellOf(keyOf(home));
    const value = read(home);
    const isReason = home.dataset.reason !== undefined;
    // The server's own words stay until the answer is another one.
    if (cell.dataset.touched === undefined && !isReason && same(value, storedOf(home))) return note(cell, home);
    cell.dataset.touched = "";
    cell.querySelector("[data-own]").textContent = summary(cell, home);
    note(cell, home);
  }

  // A message beside an input of a closed dialog would be seen by nobody: it stands in the cell as well.
  function note(cell, home) {
    const item = queue.items.get(cell.dataset.cell);
    if (item?.state === "invalid") showErrors(cell, item.errors ?? []);
    else if (item?.state === "conflict") showErrors(cell, [word("conflict")]);
    else if (!home.querySelector(".errorlist")) showErrors(cell, []);
  }

  async function fetched(cell) {
    const response = await fetch(address(cell), {
      credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE),
    }).catch(() => null);
    if (!response?.ok) throw new Error(word(refusal(response)));
    body.insertAdjacentHTML("beforeend", await response.text());
    const home = body.lastElementChild;
    home.dataset.about = title(cell);
    home.dispatchEvent(new CustomEvent("loaded", { bubbles: true }));
    restoreOne(queue, home);
    home.dispatchEvent(new CustomEvent("written", { bubbles: true }));
    home.dispatchEvent(new CustomEvent("rewritten", { bubbles: true }));
    return home;
  }

  async function load(cell) {
    const key = cell.dataset.cell;
    const here = elementOf(key);
    if (here) return here;
    if (!loading.has(key)) loading.set(key, fetched(cell).finally(() => loading.delete(key)));
    return loading.get(key);
  }

  function below(cell) {
    const rows = [...cell.closest("table").querySelectorAll("tr[id]")];
    return rows[rows.indexOf(cell.closest("tr")) + 1]?.cells[cell.cellIndex] ?? null;
  }

  async function open(cell) {
    const button = cell.querySelector("button");
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const home = await load(cell).catch((error) => showErrors(cell, [error.message]));
    button.removeAttribute("aria-busy");
    if (!home) return;
    current = cell;
    note(cell, home);
    for (const each of homes()) each.hidden = each !== home;
    dialog.querySelector("h2").textContent = title(cell);
    dialog.querySelector("[data-below]").hidden = below(cell) === null;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    first(home)?.focus();
  }

  function follow({ target }) {
    const home = target.closest?.("[data-editor-body] > *");
    if (home) show(home);
  }

  if (!dialog) return { bring: async () => {} };

  for (const home of homes()) home.dataset.about = title(cellOf(keyOf(home)));
  for (const cell of document.querySelectorAll("[data-cell] button")) cell.setAttribute("aria-haspopup", "dialog");
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-cell] button");
    const elsewhere = event.target.closest?.('[data-editor] a[href^="#r-"]');
    const cell = button?.closest("td") ?? (elsewhere && cellOf(`r ${elsewhere.hash.slice(3)}`));
    const next = event.target.closest?.("[data-below]");
    if (cell || next) event.preventDefault();
    if (cell) open(cell);
    if (next) open(below(current));
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault(); // it would press the page's own button
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    queue.flush();
    current?.querySelector("button").focus();
  });
  for (const name of ["input", "change", "rewritten", "written"]) document.addEventListener(name, follow);
  queue.addEventListener("change", () => homes().forEach((home) => note(cellOf(keyOf(home)), home)));

  // What is kept of an earlier visit is shown and sent: its editors are needed at once.
  const bring = (keys) => Promise.allSettled(keys.map(cellOf).filter((cell) => cell).map(load));
  return { bring };
}
