// What the server told this page: settings, and words in the reader's language.
const settingsElement = document.getElementById("respond-settings");
export const settings = settingsElement ? JSON.parse(settingsElement.textContent) : null;

const words = ["respond-words", "voice-words"].map((id) => document.getElementById(id)?.content);

export function word(name, values = {}) {
  const found = words.map((each) => each?.querySelector(`[data-word="${name}"]`)).find(Boolean);
  const text = found?.textContent ?? name;
  return Object.entries(values).reduce((whole, [key, value]) => whole.replace(`{${key}}`, value), text);
}

export const csrfToken = () =>
  document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

// Cells are found by what they ask, never by a selector built from data.
export const questions = () => [...document.querySelectorAll("[data-question]")];
export const reasons = () => [...document.querySelectorAll("[data-reason]")];

export function keyOf(element) {
  return element.dataset.reason !== undefined
    ? `r ${element.dataset.reason}`
    : `a ${element.dataset.technology} ${element.dataset.question}`;
}

export const elementOf = (key) => [...questions(), ...reasons()].find((each) => keyOf(each) === key);

// Work that a press causes but nobody waits for: once for all its events, after the press is seen.
export function afterPaint(work) {
  let due = false;
  const run = () => {
    due = false;
    work();
  };
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => setTimeout(run));
  };
}
