// What an expert types into a form that is sent by a button (a proposal, other words, a report) stays in this browser
// until the server has it: after a reload, a crash or days offline it is in its boxes again.
import { Store } from "./store.js";

const OWN = "input:not([type=hidden]), textarea, select";
const named = (form) => [...form.querySelectorAll(OWN)].filter((input) => input.name);

const isSwitch = (input) => input.type === "radio" || input.type === "checkbox";

function read(form) {
  const held = {};
  for (const input of named(form)) if (!isSwitch(input) || input.checked) held[input.name] = input.value;
  return held;
}

// As the server drew it, whatever the browser itself has put back since.
function drawn(form) {
  const held = {};
  for (const input of named(form)) {
    if (isSwitch(input) ? input.defaultChecked : !input.options) held[input.name] = input.defaultValue;
    else if (input.options) held[input.name] = ([...input.options].find((each) => each.defaultSelected) ?? input.options[0])?.value;
  }
  return held;
}

function write(form, held) {
  for (const input of named(form)) {
    if (isSwitch(input)) input.checked = held[input.name] === input.value;
    else input.value = held[input.name] ?? "";
  }
}

const alike = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
const line = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

function inWords(form, offered) {
  const own = named(form).filter((input) => (!isSwitch(input) || input.checked) && input.value !== (offered[input.name] ?? ""));
  return own.map((input) => {
    const label = isSwitch(input) ? input.closest("fieldset")?.querySelector("legend") : input.labels[0];
    return `${line(label)}: ${isSwitch(input) ? line(input.labels[0]) : input.options ? line(input.selectedOptions[0]) : input.value}`;
  }).join("\n");
}

const isBlank = (held) => Object.values(held).every((text) => text.trim() === "");

function keeper(form) {
  const { draft: key, study, round, drawer } = form.dataset;
  const store = new Store(study, round, `${drawer}~forms`);
  const state = form.querySelector("[data-draft-state]");
  const offered = drawn(form);
  const isRefused = form.querySelector(".errorlist") !== null;
  let isSending = false;

  function say(name) {
    for (const line of state.children) line.hidden = line.dataset.say !== name;
  }

  async function keep() {
    const held = read(form);
    if (isBlank(held) || (alike(held, offered) && !isRefused)) return drop();
    await store.put({ key, held, words: inWords(form, offered), sequence: 0 });
    say(store.isLasting ? "kept" : "");
  }

  async function drop() {
    await store.remove(key);
    say("");
  }

  async function restore() {
    const draft = (await store.all()).find((each) => each.key === key);
    if (isRefused || !alike(offered, read(form))) return keep(); // what was just sent or typed is newer
    if (!draft) return;
    write(form, draft.held);
    say("back");
  }

  // Sent apart from the page, so that a lost connection loses neither page nor text. The server answers what it took by
  // a way onwards; all else it says on a page of its own, which the browser then asks for in the usual manner.
  async function send(event) {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    await keep();
    const response = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "manual",
      signal: AbortSignal.timeout?.(20_000),
    }).catch(() => null);
    isSending = response !== null && response.status < 500; // what was taken is not sent again on the way onwards
    if (!isSending) return say("unsent");
    if (response.type !== "opaqueredirect") return form.submit();
    await drop();
    location.assign(form.dataset.then);
  }

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", send);
  addEventListener("pageshow", () => { isSending = false; }); // also after coming back with the browser's own button
  let discarded = {};
  form.querySelector("[data-draft-drop]").addEventListener("click", async () => {
    discarded = read(form);
    form.reset();
    await drop();
    say("gone");
    state.querySelector("[data-draft-undo]").focus();
  });
  form.querySelector("[data-draft-undo]").addEventListener("click", async () => {
    write(form, discarded);
    await keep();
    named(form)[0].focus();
  });
  return restore();
}

Promise.all([...document.querySelectorAll("form[data-draft]")].map(keeper)).then(() => {
  document.documentElement.dataset.ready = "forms"; // what tests wait for
});
