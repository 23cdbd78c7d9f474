// A reply that has not reached the server stays in this browser: after a crash or days offline it is in its box again.
import { settings } from "./page.js";
import { Store } from "./store.js";

const store = settings && new Store(settings.study, settings.round, `${settings.drawer}~replies`);

export const keepDraft = (reason, text, base) => store?.put({ key: reason, text, words: text, base, sequence: 0 });
export const dropDraft = (reason) => store?.remove(reason);
export const drafts = async () => (await store?.all()) ?? [];
