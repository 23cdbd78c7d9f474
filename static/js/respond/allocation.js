// What is left of the points, and a bar for each option.
import { asNumber } from "./values.js";

const points = (input) => {
  const number = asNumber(input.value);
  return Number.isFinite(number) ? number : 0;
};

export function drawAllocation(box) {
  const total = Number(box.dataset.allocation);
  let given = 0;
  for (const row of box.querySelectorAll(".allocation-row")) {
    const number = points(row.querySelector("input"));
    given += number;
    row.querySelector("progress").value = Math.max(0, Math.min(total, number));
  }
  box.querySelector("[data-given]").textContent = given;
  const left = box.querySelector("[data-left]");
  const rest = total - given;
  left.value = rest === 0 ? left.dataset.right : (rest > 0 ? left.dataset.left : left.dataset.over).replace("{n}", Math.abs(rest));
  left.classList.toggle("is-right", rest === 0);
  left.classList.toggle("is-over", rest < 0);
}
