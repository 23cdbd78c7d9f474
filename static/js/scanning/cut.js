// The cut slider says its number while it moves and asks for the page when it is let go. The button does the same.
const slider = document.querySelector("[data-cut]");
const said = document.querySelector("[data-cut-value]");

slider?.addEventListener("input", () => { said.textContent = slider.value; });
slider?.addEventListener("change", () => slider.form.requestSubmit());
