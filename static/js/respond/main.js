// Puts the questionnaire's behaviours together.
import { settings } from "./page.js";
import { autosave, restore } from "./autosave.js";
import { openers } from "./openers.js";
import { watchConflicts } from "./conflicts.js";
import { demands } from "./demands.js";
import { earlierAnswers } from "./earlier.js";
import { watchErrors } from "./errors.js";
import "./composites.js";
import { flags } from "./flag.js";
import "./keys.js";
import { leaving } from "./leaving.js";
import { Queue } from "./queue.js";
import { watchStops } from "./rescue.js";
import { countAnswers, follow } from "./status.js";
import { Store } from "./store.js";
import { unfamiliar } from "./unfamiliar.js";
import "./dictation.js";
import "./voice.js";

const queue = new Queue(new Store(settings.study, settings.round, settings.drawer));
follow(queue);
watchConflicts(queue);
watchErrors(queue);
watchStops(queue);
const { note } = autosave(queue);
earlierAnswers(note, queue);
demands(queue);
leaving(queue);
flags();
unfamiliar();
const { bring } = openers(queue);
for (const name of ["input", "change", "rewritten"]) document.addEventListener(name, countAnswers);

queue.load().then(async () => {
  await bring([...queue.items.keys()]);
  restore(queue);
  document.dispatchEvent(new CustomEvent("rewritten"));
  countAnswers();
  if (queue.items.size) {
    queue.announce();
    queue.flush();
  }
  document.documentElement.dataset.ready = "respond"; // what tests wait for
});
