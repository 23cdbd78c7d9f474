// Where the protocol wants a reason for an answer, the page says so as soon as the answer makes it so, and no longer.
//
// Of an answer that is with the server, what the server made of it counts; until then what stands in the inputs.
// Where a question has no inputs in the page (a table's editor that nobody opened) it is as the server told.
import { earlierOf, isOutside } from "./earlier.js";
import { afterPaint, elementOf, keyOf } from "./page.js";
import { isEmpty, read, same, storedOf } from "./values.js";

const all = (selector) => [...document.querySelectorAll(selector)];
const codeOf = (holder) => holder.dataset.reason ?? holder.dataset.cell.slice(2);

function isAgreed(holder) {
  if (!document.querySelector("[data-discussion]")) return holder.dataset.agreed !== undefined;
  return all('[data-vote][aria-pressed="true"]').some((vote) => vote.value.startsWith("agree:"));
}

export function demands(queue) {
  function wants(home) {
    const value = queue.items.has(keyOf(home)) ? read(home) : storedOf(home);
    if (isEmpty(value)) return false;
    return home.dataset.ask === "changed" ? !same(value, earlierOf(home)) : isOutside(home, value);
  }

  function isGiven(holder, code) {
    const key = `r ${code}`;
    const box = elementOf(key);
    if (!box) return holder.dataset.given !== undefined || isAgreed(holder);
    const isRefused = queue.items.get(key)?.state === "invalid";
    return (!isRefused && read(box).text.trim() !== "") || isAgreed(holder);
  }

  function show(holder, homes) {
    const code = codeOf(holder);
    const keys = new Set(holder.dataset.demands.split(" ").filter(Boolean));
    for (const home of homes) {
      if (home.dataset.technology !== code) continue;
      if (wants(home)) keys.add(home.dataset.question);
      else keys.delete(home.dataset.question);
    }
    const isDemanded = keys.size > 0;
    const isAsked = isDemanded && !isGiven(holder, code);
    for (const mark of all(`[data-asked="${code}"]`)) mark.hidden = !isAsked;
    for (const mark of holder.querySelectorAll("[data-optional]")) mark.hidden = isDemanded;
    for (const mark of holder.querySelectorAll("[data-demanded]")) mark.hidden = !isDemanded || isAsked;
  }

  function update() {
    const homes = all("[data-ask]");
    for (const holder of all("[data-demands]")) show(holder, homes);
  }

  const soon = afterPaint(update);
  for (const name of ["input", "change", "rewritten", "voted", "loaded"]) document.addEventListener(name, soon);
  queue.addEventListener("change", soon);
}
