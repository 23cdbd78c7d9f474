// The questionnaire as its organiser tries it out: inputs behave as for an expert, and nothing is sent.
import "./respond/composites.js";
import { unfamiliar } from "./respond/unfamiliar.js";

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("method") === "dialog") event.preventDefault();
});
unfamiliar();
