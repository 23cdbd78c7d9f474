// Votes on others' reasons and replies to them, sent at once. Without scripts the same buttons send the whole page.
import { csrfToken, settings, word } from "./page.js";

const place = document.querySelector("[data-discussion]");

async function send(fields) {
  const body = new URLSearchParams({ round: String(settings.round), ...fields });
  const response = await fetch(settings.react, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    body,
    credentials: "same-origin",
    redirect: "manual",
    keepalive: true, // a reply goes out even when its author goes on at once
  });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(told.message ?? "");
  return told;
}

async function vote(button) {
  const [kind, reason] = button.value.split(":");
  const on = button.getAttribute("aria-pressed") !== "true";
  const show = (pressed) => {
    button.setAttribute("aria-pressed", String(pressed));
    button.value = `${kind}:${reason}:${pressed ? 0 : 1}`;
  };
  show(on);
  try {
    show((await send({ reason, kind, on: on ? "1" : "0" })).on);
    button.removeAttribute("title");
  } catch (error) {
    show(!on);
    button.title = error.message || word("notsent");
  }
}

const said = (box, text) => { box.querySelector("[data-reply-state]").textContent = text; };

async function reply(box) {
  const text = box.querySelector("textarea").value;
  const base = box.querySelector("input[type=hidden]");
  if (box.dataset.sent === text) return;
  said(box, word("saving"));
  try {
    const told = await send({ reason: box.dataset.reply, text, base: base.value });
    base.value = told.base;
    box.dataset.sent = text;
    said(box, told.moderation ? word(`reply-${told.moderation}`) : word("reply-none"));
  } catch (error) {
    said(box, error.message || word("notsent"));
  }
}

if (place) {
  for (const box of place.querySelectorAll("[data-reply]")) box.dataset.sent = box.querySelector("textarea").value;
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-vote], [data-save-reply]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-vote]")) vote(button);
    else reply(button.closest("[data-reply]"));
  });
  // The reply's box lies in the answers' form: its changes are not theirs.
  place.addEventListener("change", (event) => {
    const box = event.target.closest("[data-reply]");
    if (box) reply(box);
  });
}
