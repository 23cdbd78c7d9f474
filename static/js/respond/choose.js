// Choosing: a field ticks its entries, the entries tick their field, and the count follows.
const form = document.querySelector("[data-choose]");

function entries(field) {
  return [...field.querySelectorAll("input[name=technology]")];
}

function follow(field) {
  const all = entries(field);
  const chosen = all.filter((each) => each.checked).length;
  const whole = field.querySelector("[data-whole]");
  whole.checked = chosen === all.length;
  whole.indeterminate = chosen > 0 && chosen < all.length;
  field.querySelector("[data-n]").textContent = chosen;
}

function count() {
  form.querySelector("[data-chosen]").textContent = form.querySelectorAll("input[name=technology]:checked").length;
}

form?.addEventListener("change", (event) => {
  const field = event.target.closest("fieldset");
  if (event.target.matches("[data-whole]")) {
    for (const each of entries(field)) if (!each.disabled) each.checked = event.target.checked;
  }
  follow(field);
  count();
});
if (form) for (const field of form.querySelectorAll("fieldset")) follow(field);
