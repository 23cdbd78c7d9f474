// Single keys act on the element that names them in data-key: a link or button is pressed, a <details> opens and
// its first field gets the focus, a field is focused. Off while somebody types, with a modifier, or when switched off.
const OFF = "scanning-keys-off";
const switched = document.querySelector("[data-keys-switch]");

function off() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

if (switched) {
  switched.checked = !off();
  switched.addEventListener("change", () => {
    try { localStorage.setItem(OFF, switched.checked ? "0" : "1"); } catch { /* the choice holds for this page */ }
  });
}

function typing(element) {
  return element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type));
}

function act(target) {
  if (target.tagName === "DETAILS") {
    target.open = !target.open;
    if (target.open) target.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  } else if (target.matches("input, textarea, select")) {
    target.focus();
  } else {
    target.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) {
    const panel = event.target.closest("details[data-key]");
    event.target.blur();
    if (panel) { panel.open = false; panel.querySelector("summary")?.focus(); }
    return;
  }
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
  if (busy || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (off() && event.key !== "?") return;
  const target = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  act(target);
});
