// The flag is the person's own and no answer: it is set at once, apart from the queue of answers.
import { csrfToken } from "./page.js";

export function flags() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-flag]");
    if (!button) return;
    event.preventDefault();
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    const body = new URLSearchParams({ on: on ? "1" : "0", csrfmiddlewaretoken: csrfToken() });
    const response = await fetch(button.dataset.flag, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!response?.ok) button.setAttribute("aria-pressed", String(!on));
  });
}
