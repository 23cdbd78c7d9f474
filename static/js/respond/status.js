// The one line that says whether everything is safe, and how far the person is.
import { afterPaint, questions, settings, word } from "./page.js";
import { isEmpty, read } from "./values.js";

const LOOKS = { saving: "saving", saved: "saved", offline: "queued", retrying: "queued", refused: "error", conflict: "conflict", session: "error", closed: "error" };
const lines = [...document.querySelectorAll("[data-save-state]")]; // in the page's bar, and in the dialog over it
let shown = "";

const clock = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);

function show(text, look) {
  if (text === shown) return;
  shown = text;
  for (const line of lines) {
    line.dataset.state = look;
    line.textContent = text;
  }
}

export function follow(queue) {
  if (!lines.length) return;
  for (const line of lines) line.setAttribute("role", "status");
  queue.addEventListener("change", ({ detail: { state } }) => {
    if (state === "saved" && !queue.savedAt) return;
    const words = state === "offline" && !queue.store.isLasting ? "memory" : state;
    show(word(words, { time: queue.savedAt ? clock(new Date(queue.savedAt)) : "" }), LOOKS[state] ?? "idle");
  });
  addEventListener("online", () => queue.flush());
  addEventListener("offline", () => queue.announce());
}

const answered = () => questions().filter((element) => !isEmpty(read(element))).length;
let before = answered();

// What comes into the page later was counted by the server already.
document.addEventListener("loaded", ({ target }) => {
  if (target.matches("[data-question]") && !isEmpty(read(target))) before += 1;
});

export const countAnswers = afterPaint(() => {
  const bar = document.querySelector("[data-progress]");
  const count = document.querySelector("[data-count]");
  if (!bar || !settings) return;
  const now = answered();
  bar.value += now - before;
  before = now;
  if (count) count.textContent = `${bar.value} / ${bar.max}`;
});
