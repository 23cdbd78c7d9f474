// Who knows little of a technology is not held to its other questions: the page follows the answer at once.
import { questions } from "./page.js";
import { isEmpty, read } from "./values.js";

export function unfamiliar() {
  const rest = document.querySelector("[data-rest]");
  const decides = rest && questions().find((each) => each.dataset.question === rest.dataset.decides);
  if (!decides) return;
  const body = rest.querySelector("[data-rest-body]");
  let before = null;
  const follow = () => {
    const number = Number(read(decides).number ?? NaN);
    const isUnfamiliar = number <= Number(rest.dataset.limit);
    rest.querySelector("[data-rest-note]").hidden = !isUnfamiliar;
    if (isUnfamiliar === before) return;
    const answered = [...body.querySelectorAll("[data-question]")].some((each) => !isEmpty(read(each)));
    // What was answered stays in sight, also when it is no longer asked.
    if (rest.dataset.rest === "skipped") body.hidden = isUnfamiliar && !answered;
    if (rest.dataset.rest === "collapsed") {
      body.classList.toggle("is-plain", !isUnfamiliar);
      body.open = !isUnfamiliar || answered;
    }
    before = isUnfamiliar;
  };
  for (const name of ["change", "rewritten"]) document.addEventListener(name, follow);
  follow();
}
