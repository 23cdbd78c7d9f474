// What the server told this page: settings, and words in the reader's language.
const settingsElement = document.getElementById("respond-settings");
export const settings = settingsElement ? JSON.parse(settingsElement.textContent) : null;

const words = document.getElementById("respond-words");

export function word(name, values = {}) {
  const text = words?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
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
