// When the server can take nothing any more, the person still has it: on the page, and as a file.
import { word } from "./page.js";

export function saveAsFile(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const describe = (item) => item.words || `${item.question ?? ""}: ${JSON.stringify(item.value)}`;

export function watchStops(queue) {
  queue.addEventListener("change", ({ detail: { state } }) => {
    if (state !== "closed" && state !== "session") return;
    const notices = document.querySelector("[data-notices]");
    if (!notices || notices.querySelector(`[data-stop="${state}"]`)) return;
    const notice = document.createElement("div");
    notice.className = "notice is-error";
    notice.dataset.stop = state;
    notice.setAttribute("role", "alert");
    const words = document.createElement("div");
    words.textContent = word(state);
    const file = document.createElement("button");
    file.type = "button";
    file.className = "btn";
    file.textContent = word("file");
    file.addEventListener("click", () => saveAsFile([...queue.items.values()].map(describe).join("\n\n"), "delphi-answers.txt"));
    const ways = document.createElement("div");
    ways.className = "actions";
    ways.append(file);
    notice.append(words, ways);
    notices.append(notice);
    notice.scrollIntoView({ block: "center" });
  });
}

for (const button of document.querySelectorAll("[data-save-text]")) {
  button.hidden = false;
  button.addEventListener("click", () => saveAsFile(document.getElementById(button.dataset.saveText).value, "delphi-answers.txt"));
}
