// Filters and search of the overview without loading the page again; the addresses are those of the plain links.
const list = document.querySelector("[data-list]");
const PAUSE = 200;
let typing = 0;
let latest = null;

async function show(address) {
  const asked = (latest = new URL(address, location.href));
  const part = new URL(asked);
  part.searchParams.set("part", "list");
  const response = await fetch(part, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (!response?.ok) return location.assign(asked);
  const text = await response.text();
  if (asked !== latest) return;
  const find = list.querySelector("[type=search]");
  const place = document.activeElement === find ? find.selectionStart : null;
  const focused = place === null ? document.activeElement?.closest?.("[data-list] a")?.getAttribute("href") : null;
  list.innerHTML = text;
  const field = list.querySelector("[type=search]");
  if (place !== null) {
    field.focus();
    field.setSelectionRange(place, place);
  } else {
    list.querySelector(focused ? `a[href="${CSS.escape(focused)}"], .tabs [aria-current]` : ".tabs [aria-current]")?.focus();
  }
  history.replaceState(null, "", asked);
}

function searched(form) {
  const query = new URLSearchParams(new FormData(form));
  if (!query.get("q")) query.delete("q");
  return `${form.action.split("?")[0]}?${query}`;
}

list?.addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => show(searched(event.target.form)), PAUSE);
});
list?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  show(searched(event.target));
});
list?.addEventListener("click", (event) => {
  const link = event.target.closest("nav a, .chapter a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.href);
});
