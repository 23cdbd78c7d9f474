// Keeps the open candidate in sight in the queue, also after htmx brought a new one, and moves the focus to its name,
// so that a screen reader says what is judged now.
function settle() {
  const list = document.getElementById("queue");
  const open = list?.querySelector("[aria-current]");
  if (!open) return;
  const box = open.getBoundingClientRect(), frame = list.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) {
    list.scrollTop += box.top - frame.top - frame.height / 3;
  }
}

settle();
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id !== "board") return; // the messages beside it settle first, with the same target
  settle();
  document.getElementById("name")?.focus({ preventScroll: true });
});
