// Sends what was answered: in order, one request at a time, again until the server has said what became of it.
//
// An item is {key, kind, question, technology, value, cause, base, sequence, sent, state}. `base` is the revision
// that was stored when the person answered; `sent` are the values tried so far without an answer from the server:
// if one of them turns out to be stored, it was ours, and no conflict.
import { csrfToken, settings } from "./page.js";
import { same } from "./values.js";

const BATCH = 40;
const APART = 1000;
const LONGEST_WAIT = 30_000;
const FINAL = ["conflict", "invalid"];

export class Queue extends EventTarget {
  constructor(store) {
    super();
    this.store = store;
    this.items = new Map();
    this.sequence = settings.sequence;
    this.failures = 0;
    this.sending = null;
    this.timer = 0;
    this.sentAt = -APART;
    this.gathering = 0;
    this.stopped = ""; // "session" or "closed": sending makes no sense until the page is opened anew
    this.savedAt = null;
  }

  async load() {
    for (const item of await this.store.all()) {
      if (!this.items.has(item.key)) this.items.set(item.key, item);
      this.sequence = Math.max(this.sequence, item.sequence);
    }
  }

  // Comparable across devices: time where the clock is ahead, else one more than the highest number known.
  nextSequence() {
    this.sequence = Math.max(Date.now(), this.sequence + 1);
    return this.sequence;
  }

  async put({ key, kind, question, technology, value, cause = "", base, words = "" }) {
    const before = this.items.get(key);
    const item = {
      key, kind, question, technology, value, cause, words,
      base: before && before.state !== "invalid" ? before.base : base,
      sent: before?.sent ?? [],
      sequence: this.nextSequence(),
      state: before?.state === "conflict" ? "conflict" : "waiting",
      theirs: before?.theirs,
      revision: before?.revision,
    };
    this.items.set(key, item);
    const kept = this.store.put(item);
    this.announce();
    await kept;
    return item;
  }

  get waiting() {
    return [...this.items.values()].filter((item) => item.state === "waiting").sort((a, b) => a.sequence - b.sequence);
  }

  get conflicts() {
    return [...this.items.values()].filter((item) => item.state === "conflict");
  }

  get refused() {
    return [...this.items.values()].filter((item) => item.state === "invalid");
  }

  // At once, unless the last request is not a second old: what is answered until then goes out together at its end.
  // So one answer after another is saved as it is given, and a hand that runs over a table costs one request a second.
  soon() {
    const wait = this.sentAt + APART - performance.now();
    if (wait <= 0) return this.flush();
    this.gathering ||= setTimeout(() => this.flush(), wait);
  }

  // Resolves to whether everything is with the server.
  async flush() {
    clearTimeout(this.timer);
    clearTimeout(this.gathering);
    this.gathering = 0;
    while (this.waiting.length && !this.stopped) {
      this.sending ??= this.send().finally(() => (this.sending = null));
      if (!(await this.sending)) break;
    }
    if (this.waiting.length && !this.stopped) this.later();
    return this.items.size === 0;
  }

  later() {
    clearTimeout(this.timer);
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(this.failures, 5)) * (0.75 + Math.random() / 2);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  batch() {
    const waiting = this.waiting;
    return waiting.slice(0, this.oneByOne ? 1 : BATCH);
  }

  body(items) {
    return JSON.stringify({
      round: settings.round,
      answers: items.filter((item) => item.kind === "answer").map((item) => ({
        question: item.question, technology: item.technology || null, value: item.value,
        base_revision: item.base, sequence: item.sequence, cause: item.cause,
      })),
      reasons: items.filter((item) => item.kind === "reason").map((item) => ({
        technology: item.technology, text: item.value.text, stance: item.value.stance, base_revision: item.base,
        sequence: item.sequence,
      })),
    });
  }

  // True when the server took the request, whatever it said of the single items.
  async send() {
    const items = this.batch();
    for (const item of items) item.sent = [...item.sent.slice(-4), item.value];
    this.announce("saving");
    this.sentAt = performance.now();
    let response;
    try {
      response = await fetch(settings.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
        body: this.body(items),
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout?.(20_000),
      });
    } catch {
      return this.failed();
    }
    return this.heard(response, items);
  }

  failed() {
    this.failures += 1;
    this.announce();
    return false;
  }

  async heard(response, items) {
    if (response.ok) {
      const told = await response.json().catch(() => null);
      if (!told) return this.failed();
      await this.settle(items, told);
      return true;
    }
    const told = await response.json().catch(() => ({}));
    if (response.status === 409 && told.code === "round_not_open") return this.stop("closed");
    if ([401, 403, 410].includes(response.status) || (response.status === 404 && told.code === "not_allowed")) return this.stop("session");
    if ([400, 404, 413].includes(response.status)) return this.blame(items, told);
    return this.failed();
  }

  stop(why) {
    this.stopped = why;
    this.announce();
    return false;
  }

  // The whole request was refused: find the item that is to blame, so that it holds up nothing else.
  async blame(items, told) {
    if (items.length > 1) {
      this.oneByOne = true;
      return true;
    }
    await this.mark(items[0], "invalid", { errors: [told.message ?? ""] });
    return true;
  }

  async settle(items, told) {
    this.failures = 0;
    this.savedAt = told.saved_at;
    const outcomes = { answer: [...told.answers], reason: [...told.reasons] };
    for (const item of items) await this.outcome(item, outcomes[item.kind].shift());
    if (!this.waiting.length) this.oneByOne = false;
    this.announce();
  }

  async outcome(item, outcome) {
    const stored = item.kind === "reason" ? { text: outcome.text, stance: outcome.stance } : outcome.value;
    const now = this.items.get(item.key);
    if (outcome.status === "saved" || outcome.status === "unchanged") return this.stored(item, now, outcome.revision, stored);
    if (outcome.status === "invalid") return now === item ? this.mark(item, "invalid", { errors: outcome.errors }) : undefined;
    // A conflict, or a save that a later one overtook.
    if (same(stored, now.value)) return this.stored(item, item, outcome.revision, stored);
    if (item.sent.slice(0, -1).some((value) => same(value, stored))) return this.rebase(now, outcome.revision);
    return this.mark(now, "conflict", { theirs: stored, revision: outcome.revision });
  }

  async stored(item, now, revision, value) {
    this.dispatchEvent(new CustomEvent("stored", { detail: { key: item.key, revision, value, isLatest: now === item } }));
    if (now === item || !now) {
      this.items.delete(item.key);
      await this.store.remove(item.key);
    } else {
      await this.rebase(now, revision);
    }
  }

  async rebase(item, revision) {
    Object.assign(item, { base: revision, state: "waiting", sent: [], sequence: this.nextSequence() });
    await this.store.put(item);
  }

  async mark(item, state, more) {
    Object.assign(item, { state, ...more });
    await this.store.put(item);
    this.dispatchEvent(new CustomEvent(state, { detail: item }));
    this.announce();
  }

  async useMine(item) {
    await this.rebase(item, item.revision);
    this.announce();
    return this.flush();
  }

  async drop(item) {
    this.items.delete(item.key);
    await this.store.remove(item.key);
    this.announce();
  }

  announce(state = "") {
    this.dispatchEvent(new CustomEvent("change", { detail: { state: state || this.state } }));
  }

  get state() {
    if (this.stopped) return this.items.size ? this.stopped : "saved";
    if (this.conflicts.length) return "conflict";
    if (this.refused.length) return "refused";
    if (!this.waiting.length) return "saved";
    if (!navigator.onLine) return "offline";
    return this.failures ? "retrying" : "saving";
  }
}
