// Each change goes into the queue at once: choices are sent at once too, text when the typing pauses, and what follows
// within a second together.
import { elementOf, keyOf, questions, reasons } from "./page.js";
import { baseOf, causeOf, clearSpecial, clearValue, read, setBase, typedInputs, write } from "./values.js";
import { showConflict } from "./conflicts.js";
import { showErrors } from "./errors.js";
import { inFull } from "./inwords.js";

const PAUSE = 700;
let typing = 0;

const homeOf = (target) => target.closest?.("[data-question], [data-reason]");

function item(home) {
  const isReason = home.dataset.reason !== undefined;
  const value = read(home);
  return {
    key: keyOf(home),
    kind: isReason ? "reason" : "answer",
    question: home.dataset.question ?? null,
    technology: isReason ? home.dataset.reason : home.dataset.technology,
    value,
    words: inFull(home, value), // for its author, should the server never take it
    cause: causeOf(home),
    base: baseOf(home),
  };
}

export function autosave(queue) {
  const note = (home) => queue.put(item(home));

  document.addEventListener("input", (event) => {
    const home = homeOf(event.target);
    if (!home || !event.target.matches(typedInputs)) return;
    if (event.target.value.trim() !== "" && event.target.matches("[data-part], [data-item]")) clearSpecial(home);
    note(home);
    clearTimeout(typing);
    typing = setTimeout(() => queue.flush(), PAUSE);
  });

  document.addEventListener("change", (event) => {
    const home = homeOf(event.target);
    if (!home) return;
    if (event.target.matches(typedInputs)) {
      clearTimeout(typing);
      queue.soon();
      return;
    }
    if (event.target.matches('[name$=".special"]') && event.target.value !== "") clearValue(home);
    else if (home.dataset.reason === undefined && !event.target.closest("[data-cause]")) clearSpecial(home);
    note(home).then(() => queue.soon());
    home.dispatchEvent(new CustomEvent("rewritten", { bubbles: true }));
  });

  queue.addEventListener("stored", ({ detail: { key, revision, value } }) => {
    const home = elementOf(key);
    if (home) setBase(home, revision, value);
  });

  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && queue.flush());
  return { note };
}

// What this browser still holds of an earlier visit is what the person meant: it is shown, and sent.
export function restoreOne(queue, home) {
  const kept = queue.items.get(keyOf(home));
  if (!kept) return;
  write(home, kept.value);
  if (kept.state === "conflict") showConflict(queue, kept);
  if (kept.state === "invalid") showErrors(home, kept.errors ?? []);
}

export function restore(queue) {
  for (const home of [...questions(), ...reasons()]) restoreOne(queue, home);
  for (const kept of queue.conflicts) if (!elementOf(kept.key)) showConflict(queue, kept);
}
