// Going on: first everything is sent, then the next page is opened. Without a connection the page stays.
import { unsentReply } from "./voice.js";

async function sendAll(queue) {
  await queue.flush();
  return queue.items.size === 0;
}

export function leaving(queue) {
  const form = document.querySelector("form[data-respond]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.dataset.native !== undefined) return post(queue, form, event.submitter);
    go(queue, event.submitter?.dataset.go ?? form.querySelector(".btn-primary[data-go]")?.dataset.go);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(queue, link.href);
  });
  submission(queue);
}

// Another language or layout, or a row's earlier answers: the server takes the whole page once more, then shows it anew.
async function post(queue, form, { name, value }) {
  const sent = await sendAll(queue);
  if (!sent && (!navigator.onLine || queue.stopped || queue.failures)) return; // the page would be lost
  const chosen = document.createElement("input");
  Object.assign(chosen, { type: "hidden", name, value });
  form.append(chosen);
  form.submit();
}

async function go(queue, address) {
  const sent = await sendAll(queue);
  const reply = await unsentReply();
  if (reply) return reply.scrollIntoView({ block: "center" });
  // What waits is kept on this device and goes out from the next page too; what must be decided here stays here.
  const settled = !queue.conflicts.length && !queue.refused.length && !queue.stopped;
  if (sent || (settled && navigator.onLine && queue.store.isLasting && queue.failures < 2)) location.assign(address);
  else document.querySelector(".has-conflict, .errorlist, [data-stop]")?.scrollIntoView({ block: "center" });
}

function submission(queue) {
  const form = document.querySelector("form[data-submit]");
  if (!form) return;
  let underWay = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (underWay) return;
    underWay = true;
    const button = form.querySelector("button");
    button.setAttribute("aria-disabled", "true");
    if (await sendAll(queue)) {
      form.submit();
      return;
    }
    underWay = false;
    button.removeAttribute("aria-disabled");
  });
  // Coming back with the browser's own button shows the page as it was left.
  addEventListener("pageshow", () => {
    underWay = false;
    form.querySelector("button").removeAttribute("aria-disabled");
  });
}

