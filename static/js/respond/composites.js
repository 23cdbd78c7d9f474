// Composite questions draw themselves from their inputs: at first, as the person answers, and when a script wrote them.
import { drawAllocation } from "./allocation.js";
import { drawPlane, watchPlane } from "./plane.js";
import { drawRanking, watchRanking } from "./ranking.js";
import { drawTallies, watchOther } from "./tallies.js";

function draw(root) {
  const all = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  for (const element of all("[data-scripted]")) element.hidden = false;
  all("[data-ranking]").forEach(drawRanking);
  all("[data-allocation]").forEach(drawAllocation);
  all("[data-plane]").forEach(drawPlane);
  all("[data-kind]").forEach(drawTallies);
}

watchRanking();
watchPlane();
watchOther();
for (const name of ["input", "change", "written"]) {
  document.addEventListener(name, (event) => {
    const home = event.target.closest?.("[data-kind]");
    if (home) draw(home);
  });
}
draw(document);
