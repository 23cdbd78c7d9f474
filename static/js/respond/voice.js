// Votes on others' reasons and replies to them, sent at once. Without scripts the same buttons send the whole page.
import { drafts, dropDraft, keepDraft } from "./drafts.js";
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
  }).catch(() => {
    throw new Error(""); // the browser's own words are in its language, not the reader's
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
    button.dispatchEvent(new CustomEvent("voted", { bubbles: true }));
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

const boxes = () => [...(place?.querySelectorAll("[data-reply]") ?? [])];
const textOf = (box) => box.querySelector("textarea").value;
const baseOf = (box) => box.querySelector("input[type=hidden]");
const said = (box, text) => { box.querySelector("[data-reply-state]").textContent = text; };

async function reply(box) {
  const text = textOf(box);
  const base = baseOf(box);
  if (box.dataset.sent === text) return;
  said(box, word("saving"));
  try {
    const told = await send(() => ({ reason: box.dataset.reply, text, base: base.value }));
    base.value = told.base;
    box.dataset.sent = text;
    if (textOf(box) === text) dropDraft(box.dataset.reply); // unless more was typed meanwhile
    said(box, told.moderation ? word(`reply-${told.moderation}`) : word("reply-none"));
  } catch (error) {
    if (error.base) base.value = error.base; // what another tab stored is told: saving again uses this text
    keepDraft(box.dataset.reply, textOf(box), base.value);
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
    const text = textOf(box);
    saveAsFile(text, "delphi-reply.txt");
    box.dataset.kept = text;
  });
  box.querySelector("[data-reply-state]").after(button);
}

const isOpen = (box) => {
  const text = textOf(box);
  return text.trim() !== "" && text !== box.dataset.sent && text !== box.dataset.kept;
};

// Before the page is left: the first box whose text is neither with the server nor kept by its author.
export async function unsentReply() {
  await Promise.all(boxes().filter(isOpen).map(reply));
  return boxes().find(isOpen);
}

// What an earlier visit could not send is in its box again, and is sent.
async function restoreDrafts() {
  for (const { key, text, base } of await drafts()) {
    const box = boxes().find((each) => each.dataset.reply === key);
    if (!box) continue;
    if (text === box.dataset.sent) {
      dropDraft(key);
      continue;
    }
    box.open = true;
    box.querySelector("textarea").value = text;
    baseOf(box).value = base;
    reply(box);
  }
}

if (place) {
  for (const box of boxes()) box.dataset.sent = textOf(box);
  restoreDrafts();
  place.addEventListener("input", (event) => {
    const box = event.target.closest("[data-reply]");
    if (box) keepDraft(box.dataset.reply, textOf(box), baseOf(box).value);
  });
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
