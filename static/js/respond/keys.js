// A digit rates the question that has the focus; 0 stands for the tenth point.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
  const target = event.target;
  if (!target.matches?.("input[type=radio], input[type=checkbox]")) return;
  const group = target.closest("fieldset");
  if (!group?.closest("[data-question]")) return;
  const radios = [...group.querySelectorAll("input[type=radio]")].filter((radio) => /^\d+$/.test(radio.value));
  const wanted = event.key === "0" && !radios.some((radio) => radio.value === "0") ? "10" : event.key;
  const radio = radios.find((each) => each.value === wanted);
  if (!radio || radio.disabled) return;
  event.preventDefault();
  radio.focus();
  if (!radio.checked) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
