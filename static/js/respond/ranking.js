// Places are moved with buttons, chosen by number, or dragged. They stay 1, 2, 3 … without gaps or doubles.
const rows = (list) => [...list.querySelectorAll(".rank-row")];
const select = (row) => row.querySelector("select");
const place = (row) => Number(select(row).value) || 0;
const placed = (list) => rows(list).filter(place).sort((a, b) => place(a) - place(b));

export function drawRanking(list) {
  for (const row of rows(list)) {
    row.classList.toggle("is-placed", place(row) > 0);
    row.draggable = true;
  }
  const order = [...placed(list), ...rows(list).filter((row) => !place(row))];
  if (order.some((row, at) => list.children[at] !== row)) {
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    list.append(...order);
    focused?.focus();
  }
  const most = Number(list.dataset.ranking);
  for (const row of rows(list)) {
    row.querySelector('[data-move="up"]').disabled = place(row) === 1;
    row.querySelector('[data-move="down"]').disabled = place(row) === 0 || (place(row) === most && most === order.length);
  }
}

// Put the row at this place (0: at none); the others close up, and what falls off the end has no place.
function put(list, row, to) {
  const order = placed(list).filter((each) => each !== row);
  if (to > 0) order.splice(to - 1, 0, row);
  const most = Number(list.dataset.ranking);
  for (const each of rows(list)) {
    const at = order.indexOf(each) + 1;
    select(each).value = at > 0 && at <= most ? String(at) : "";
  }
  select(row).dispatchEvent(new Event("change", { bubbles: true }));
}

function move(button) {
  const row = button.closest(".rank-row");
  const list = row.closest("[data-ranking]");
  const now = place(row);
  if (button.dataset.move === "up") put(list, row, now ? now - 1 : Math.min(placed(list).length + 1, Number(list.dataset.ranking)));
  else put(list, row, now < placed(list).length ? now + 1 : 0);
  if (button.disabled) row.querySelector("[data-move]:not(:disabled)")?.focus();
}

export function watchRanking() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-ranking] [data-move]");
    if (button) move(button);
  });
  // A number that is taken moves the others down instead of standing twice.
  document.addEventListener("change", (event) => {
    if (!event.isTrusted || !event.target.matches?.("[data-ranking] select")) return;
    const list = event.target.closest("[data-ranking]");
    const to = Number(event.target.value) || 0;
    event.stopImmediatePropagation();
    event.target.value = "";
    put(list, event.target.closest(".rank-row"), to && Math.min(to, placed(list).length + 1));
  }, true);
  dragging();
}

function dragging() {
  let dragged = null;
  document.addEventListener("dragstart", ({ target, dataTransfer }) => {
    dragged = target.closest?.(".rank-row") ?? null;
    if (dragged) dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.(".rank-row");
    if (dragged && over && over.parentElement === dragged.parentElement) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const over = event.target.closest?.(".rank-row");
    if (!dragged || !over || over === dragged || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const list = dragged.parentElement;
    put(list, dragged, place(over) || Math.min(placed(list).length + 1, Number(list.dataset.ranking)));
  });
  document.addEventListener("dragend", () => (dragged = null));
}
