// Of the form for a question only the fields that its type has; and the preview sends nothing.
const form = document.querySelector("[data-question-form]");
const type = form?.querySelector("select[name=type]");
const sections = new Map();
for (const input of form?.querySelectorAll("[data-types]") ?? []) {
  const field = input.closest(".field, fieldset, .check") ?? input;
  sections.set(field.parentElement?.closest(".field") ?? field, input.dataset.types.split(" "));
}

function choose() {
  for (const [field, types] of sections) field.hidden = type.value !== "" && !types.includes(type.value);
}

if (type) {
  type.addEventListener("change", choose);
  choose();
}
document.querySelector("[data-preview]")?.addEventListener("submit", (event) => event.preventDefault());
