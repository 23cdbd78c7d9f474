// How many options, places or pairs are answered so far; and "other" goes with its text.
const answered = (home) =>
  [...home.querySelectorAll("[data-item]")].filter((input) =>
    input.type === "radio" || input.type === "checkbox" ? input.checked : input.value.trim() !== "").length;

export function drawTallies(home) {
  const chosen = home.querySelector("[data-count-items]");
  if (chosen) {
    const n = answered(home);
    chosen.value = n ? chosen.closest("[data-tally]").dataset.tally.replace("{n}", n) : "";
  }
  for (const name of ["ranked", "compared"]) {
    const output = home.querySelector(`[data-${name}]`);
    if (output) output.value = output.dataset[name].replace("{n}", answered(home));
  }
}

export function watchOther() {
  document.addEventListener("input", ({ target }) => {
    const box = target.closest?.(".option-other");
    if (box && target.matches("[data-part]")) box.querySelector("[data-item]").checked = target.value.trim() !== "";
  }, true);
  document.addEventListener("change", ({ target }) => {
    const box = target.closest?.(".option-other");
    if (!box || !target.matches("[data-item]")) return;
    const text = box.querySelector("[data-part]");
    if (target.checked) text.focus();
    else text.value = "";
  }, true);
}
