// What this browser still holds of rounds that are over: the server takes it no more, but its author still has it.
import { Store } from "./store.js";

const KINDS = ["", "~replies", "~forms"];
const place = document.querySelector("[data-left]");

async function show() {
  const rounds = JSON.parse(place.dataset.left);
  const stores = rounds.flatMap(([round, drawer]) => KINDS.map((kind) => new Store(place.dataset.study, round, drawer + kind)));
  const held = (await Promise.all(stores.map((store) => store.all()))).flat();
  if (!held.length) return;
  place.querySelector("textarea").value = held.map((item) => item.words || JSON.stringify(item.value)).join("\n\n");
  place.hidden = false;
  place.querySelector("[data-discard]").addEventListener("click", async () => {
    await Promise.all(stores.map((store) => store.clear()));
    place.hidden = true;
    document.getElementById("main").focus();
  });
}

if (place) show();
