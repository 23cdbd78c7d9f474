// A value that the server refused: the reason stands beside the question, what was typed stays.
import { elementOf } from "./page.js";
import { typedInputs } from "./values.js";

export function showErrors(home, messages) {
  const place = home.querySelector("[data-errors]");
  if (!place) return;
  const list = document.createElement("ul");
  list.className = "errorlist";
  for (const message of messages.filter(Boolean)) {
    const line = document.createElement("li");
    line.textContent = message;
    list.append(line);
  }
  place.replaceChildren(...(list.children.length ? [list] : []));
  for (const input of home.querySelectorAll(typedInputs)) input.toggleAttribute("aria-invalid", false);
  if (list.children.length) for (const input of home.querySelectorAll(typedInputs)) input.setAttribute("aria-invalid", "true");
}

export function watchErrors(queue) {
  queue.addEventListener("invalid", ({ detail }) => {
    const home = elementOf(detail.key);
    if (home) showErrors(home, detail.errors ?? []);
  });
  queue.addEventListener("stored", ({ detail }) => {
    const home = elementOf(detail.key);
    if (home && detail.isLatest) showErrors(home, []);
  });
}
