// Of the form for a question only the fields that its type has; a ready scale fills in its ends.
const form = document.querySelector("[data-question-form]");
const type = form?.querySelector("select[name=type]");
const ready = form?.querySelector("select[name=ready_scale]");
const ends = ["minimum", "maximum"].map((name) => form?.querySelector(`input[name=${name}]`));
const sections = new Map();
for (const input of form?.querySelectorAll("[data-types]") ?? []) {
  const field = input.closest(".field, fieldset, .check") ?? input;
  sections.set(field.parentElement?.closest(".field") ?? field, input.dataset.types.split(" "));
}

function choose() {
  for (const [field, types] of sections) field.hidden = !types.includes(type.value);
}

if (type) {
  type.addEventListener("change", choose);
  choose();
  ready.addEventListener("change", () => {
    const given = ready.value.split(",");
    if (given.length === 2) ends.forEach((input, at) => (input.value = given[at]));
  });
  for (const input of ends) input.addEventListener("input", () => (ready.value = ""));
}
document.querySelector("[data-preview]")?.addEventListener("submit", (event) => event.preventDefault());
