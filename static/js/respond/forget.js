// “This is not my device”: what this browser still holds of the study goes with the link.
import { Store } from "./store.js";

const form = document.querySelector("form[data-forget]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await Store.clearStudy(form.dataset.forget);
  form.submit();
});
