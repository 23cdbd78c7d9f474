// The moderation queue by keyboard: one text is in focus, single keys act on it. Off while somebody types.
const OFF = "moderation-keys-off";
const queue = document.querySelector("[data-moderation]");
const cards = () => [...(queue?.children ?? [])];
const switched = document.querySelector("[data-keys-switch]");

function off() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

const help = document.querySelector("[data-keys-help]");
if (help) help.hidden = false;
if (switched) {
  switched.checked = !off();
  switched.addEventListener("change", () => {
    try { localStorage.setItem(OFF, switched.checked ? "0" : "1"); } catch { /* holds for this page */ }
  });
}

const typing = (element) =>
  element.matches("textarea, select") || (element.matches("input") && !element.matches("[type=checkbox]"));

const current = () => document.activeElement?.closest("[data-moderation] > li") ?? null;

function move(step) {
  const all = cards();
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => current()?.querySelector("[data-act=approve]")?.click(),
  r: () => current()?.querySelector("[data-act=reject]")?.click(),
  n: () => current()?.querySelector("[data-act=note]")?.focus(),
  x: () => current()?.querySelector("[data-choose]")?.click(),
  u: () => document.querySelector("[data-key=u]")?.click(),
  "/": () => document.querySelector('[data-key="/"]')?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) {
    (event.target.closest("[data-moderation] > li") ?? document.body).focus();
    return;
  }
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
  if (busy || typing(event.target) || off() || !Object.hasOwn(ACTS, event.key)) return;
  event.preventDefault();
  ACTS[event.key]();
});

const all = document.querySelector("[data-choose-all]");
if (all) {
  all.hidden = false;
  const boxes = () => [...document.querySelectorAll("[data-choose]")];
  all.querySelector("input").addEventListener("change", (event) => {
    for (const box of boxes()) box.checked = event.target.checked;
  });
}

// After a decision the page comes back: go on with the text that took the place of the one decided on.
if (document.querySelector(".undo")) cards()[0]?.focus({ preventScroll: true });
