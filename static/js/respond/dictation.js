// Speaking a reason instead of typing it, where the browser can listen. The text goes into the box like typed text.
import { word } from "./page.js";

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
const LANGUAGES = { en: "en-US", zh: "zh-CN" };

function language() {
  const page = (document.documentElement.lang || "en").toLowerCase().split("-")[0];
  const own = navigator.languages?.find((each) => each.toLowerCase().startsWith(page) && each.includes("-"));
  return page === "zh" ? LANGUAGES.zh : (own ?? LANGUAGES[page] ?? page);
}

function insert(box, text) {
  const before = box.value.slice(0, box.selectionStart);
  const gap = before === "" || /\s$/.test(before) || /[\u3000-\u9fff]$/.test(before) ? "" : " ";
  box.setRangeText(gap + text.trim(), box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function dictation(home) {
  const button = home.querySelector("[data-dictate]");
  const state = home.querySelector("[data-dictation-state]");
  const box = document.getElementById(button.dataset.dictate);
  let ear = null;

  function show(name, text = word(`dictation-${name}`)) {
    home.dataset.state = name;
    button.setAttribute("aria-pressed", String(name === "listening"));
    state.textContent = text;
  }

  function listen() {
    ear = new Recognition();
    ear.lang = language();
    ear.continuous = true;
    ear.interimResults = false;
    ear.onstart = () => show("listening");
    ear.onresult = (event) => {
      for (const result of [...event.results].slice(event.resultIndex)) if (result.isFinal) insert(box, result[0].transcript);
    };
    ear.onerror = (event) => {
      if (event.error === "no-speech" || event.error === "aborted") return;
      const refused = event.error === "not-allowed" || event.error === "service-not-allowed";
      show(refused ? "refused" : "failed");
    };
    ear.onend = () => {
      ear = null;
      if (home.dataset.state === "listening") show("stopped");
      box.dispatchEvent(new Event("change", { bubbles: true }));
    };
    try {
      ear.start();
    } catch {
      ear = null;
      show("failed");
    }
  }

  button.addEventListener("click", () => (ear ? ear.stop() : listen()));
  addEventListener("pagehide", () => ear?.abort());
  home.hidden = false;
}

const prepare = (root) => Recognition && root.querySelectorAll("[data-dictation]").forEach(dictation);
prepare(document);
document.addEventListener("loaded", (event) => prepare(event.target)); // an editor came into the page
