// Two tabs or two devices answered the same question: both answers are shown, and the person chooses.
import { elementOf, settings, word } from "./page.js";
import { inWords } from "./inwords.js";
import { isEmpty, setBase, write } from "./values.js";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(label, act, primary = false) {
  const made = element("button", primary ? "btn btn-primary" : "btn", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

const told = (home, value) => (isEmpty(value) ? word("nothing") : inWords(home, value));

function choice(queue, item, home) {
  const box = element("div", "conflict-choice");
  box.setAttribute("role", "alert");
  box.append(element("strong", "", word("conflicttitle")));
  const both = element("dl");
  both.append(
    element("dt", "muted", word("mine")), element("dd", "", told(home, item.value)),
    element("dt", "muted", word("theirs")), element("dd", "", told(home, item.theirs)),
  );
  const ways = element("div", "actions");
  ways.append(
    button(word("usemine"), async () => {
      write(home, item.value);
      clearConflict(home);
      await queue.useMine(item);
    }, true),
    button(word("usetheirs"), async () => {
      write(home, item.theirs);
      setBase(home, item.revision, item.theirs);
      clearConflict(home);
      await queue.drop(item);
      home.dispatchEvent(new CustomEvent("rewritten", { bubbles: true }));
    }),
  );
  box.append(both, ways);
  return box;
}

function clearConflict(home) {
  home.classList.remove("has-conflict");
  home.querySelector("[data-errors]")?.replaceChildren();
}

function pointElsewhere(item) {
  const notices = document.querySelector("[data-notices]");
  if (!notices || notices.querySelector(`[data-about="${CSS.escape(item.key)}"]`)) return;
  const notice = element("div", "notice is-warning");
  notice.dataset.about = item.key;
  const words = element("div", "", `${word("elsewhere")} `);
  const link = element("a", "", word("open"));
  link.href = item.technology ? settings.technology.replace("CODE", item.technology) : settings.overview;
  words.append(link);
  notice.append(words);
  notices.append(notice);
}

export function showConflict(queue, item) {
  const home = elementOf(item.key);
  if (!home) return pointElsewhere(item);
  home.classList.add("has-conflict");
  home.querySelector("[data-errors]")?.replaceChildren(choice(queue, item, home));
}

export function watchConflicts(queue) {
  queue.addEventListener("conflict", ({ detail }) => showConflict(queue, detail));
}
