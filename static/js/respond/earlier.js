// The earlier answer: kept with one press, or changed, and then the page asks what led to it.
import { questions } from "./page.js";
import { asNumber, isEmpty, read, same, write } from "./values.js";

export function isOutside(home, value) {
  const [low, high] = home.dataset.half.split(",").map(Number);
  const number = asNumber(value.number);
  return number < low || number > high;
}

export const earlierOf = (home) => (home.dataset.earlier ? JSON.parse(home.dataset.earlier) : null);

// The table asks what led to a change only where there is one.
const pattern = document.getElementById("cell-cause");

function askCause(home) {
  if (!pattern || !home.matches(".is-cell") || home.querySelector("[data-cause]")) return;
  const asked = pattern.content.cloneNode(true);
  asked.querySelector("select").name = home.querySelector('[name$=".base"]').name.replace(/base$/, "cause");
  home.querySelector("[data-errors]").before(asked);
}

export function refresh(home) {
  const value = read(home);
  const clear = home.querySelector("[data-clear]");
  if (clear) clear.hidden = isEmpty(value);
  const earlier = earlierOf(home);
  const isChanged = earlier !== null && !isEmpty(value) && !same(value, earlier);
  if (isChanged) askCause(home);
  home.querySelector("[data-cause]")?.classList.toggle("is-shown", isChanged);
  for (const keep of home.querySelectorAll("[data-keep]")) keep.hidden = same(value, earlier);
  const before = home.querySelector("[data-earlier-outside]");
  if (before) before.hidden = !isEmpty(value);
  const note = home.querySelector("[data-outside]");
  if (note && home.dataset.half) {
    note.hidden = !isOutside(home, value);
  }
}

export function earlierAnswers(note, queue) {
  const set = async (home, value) => {
    write(home, value);
    refresh(home);
    await note(home);
  };
  document.addEventListener("click", async (event) => {
    const press = event.target.closest("[data-keep], [data-keep-all], [data-clear]");
    if (!press) return;
    event.preventDefault();
    if (press.matches("[data-keep-all]")) {
      for (const home of questions()) if (earlierOf(home) && isEmpty(read(home))) await set(home, earlierOf(home));
      press.closest(".keep-all").hidden = true;
    } else {
      const home = press.closest("[data-question]");
      await set(home, press.matches("[data-keep]") ? earlierOf(home) : {});
      home.querySelector("input:checked, input, select, textarea")?.focus();
    }
    document.dispatchEvent(new CustomEvent("rewritten"));
    queue.flush();
  });
  const follow = (event) => {
    const home = event.target.closest?.("[data-question]");
    if (home) refresh(home);
  };
  document.addEventListener("input", follow);
  document.addEventListener("change", follow);
  document.addEventListener("rewritten", follow);
  questions().forEach(refresh);
}
