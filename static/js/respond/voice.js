// Votes on others' reasons and replies to them, sent at once. Without scripts the same buttons send the whole page.
import { csrfToken, settings, word } from "./page.js";
import { saveAsFile } from "./rescue.js";

const place = document.querySelector("[data-discussion]");

// One after the other, each read when its turn comes: of two that overtake each other the wrong one would count.
let underWay = Promise.resolve();

function send(fields) {
  const sent = underWay.then(() => post(fields()));
  underWay = sent.catch(() => {});
  return sent;
}

async function post(fields) {
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
  if (!response.ok) throw Object.assign(new Error(told.message ?? ""), { base: told.base });
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
    show((await send(() => ({ reason, kind, on: on ? "1" : "0" }))).on);
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
    const told = await send(() => ({ reason: box.dataset.reply, text, base: base.value }));
    base.value = told.base;
    box.dataset.sent = text;
    said(box, told.moderation ? word(`reply-${told.moderation}`) : word("reply-none"));
  } catch (error) {
    if (error.base) base.value = error.base; // what another tab stored is told: saving again uses this text
    said(box, error.message || word("notsent"));
    offerFile(box);
  }
}

// What could not be sent stays in its box, and can be kept as a file.
function offerFile(box) {
  if (box.querySelector("[data-keep-reply]")) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-s", textContent: word("file") });
  button.dataset.keepReply = "";
  button.addEventListener("click", () => {
    const text = box.querySelector("textarea").value;
    saveAsFile(text, "delphi-reply.txt");
    box.dataset.kept = text;
  });
  box.querySelector("[data-reply-state]").after(button);
}

const isOpen = (box) => {
  const text = box.querySelector("textarea").value;
  return text.trim() !== "" && text !== box.dataset.sent && text !== box.dataset.kept;
};

// Before the page is left: the first box whose text is neither with the server nor kept by its author.
export async function unsentReply() {
  const boxes = [...(place?.querySelectorAll("[data-reply]") ?? [])];
  await Promise.all(boxes.filter(isOpen).map(reply));
  return boxes.find(isOpen);
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
