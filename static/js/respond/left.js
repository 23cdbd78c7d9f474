// What this browser still holds of rounds that are over: the server takes it no more, but its author still has it.
import { Store } from "./store.js";

const KINDS = ["", "~replies", "~forms"];
const place = document.querySelector("[data-left]");
const part = (name) => place.querySelector(`[data-${name}]`);

async function kept() {
  const rounds = JSON.parse(place.dataset.left);
  const stores = rounds.flatMap(([round, drawer]) => KINDS.map((kind) => new Store(place.dataset.study, round, drawer + kind)));
  const all = await Promise.all(stores.map(async (store) => ({ store, items: await store.all() })));
  return all.filter(({ items }) => items.length);
}

function show(isHeld) {
  part("held").hidden = !isHeld;
  part("gone").hidden = isHeld;
  part(isHeld ? "discard" : "undo").focus();
}

async function offer() {
  const found = await kept();
  const items = found.flatMap((each) => each.items);
  if (!items.length) return;
  place.querySelector("textarea").value = items.map((item) => item.words || JSON.stringify(item.value)).join("\n\n");
  place.hidden = false;
  part("discard").addEventListener("click", async () => {
    for (const { store } of found) await store.clear();
    show(false);
  });
  part("undo").addEventListener("click", async () => {
    for (const { store, items: own } of found) for (const item of own) await store.put(item);
    show(true);
  });
}

if (place) offer();
