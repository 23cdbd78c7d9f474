// What is not yet acknowledged by the server, in IndexedDB: answers only, never who gave them nor how to get in.
// Keyed by study, round and a drawer that differs for each person who uses this browser. Where the browser keeps nothing, memory stands in and `isLasting` is false.
const DATABASE = "delphi-answers";
const STORE = "pending";

const request = (pending) =>
  new Promise((resolve, reject) => {
    pending.onsuccess = () => resolve(pending.result);
    pending.onerror = () => reject(pending.error);
  });

function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

export class Store {
  constructor(study, round, drawer) {
    this.prefix = `${study}/${round}/${drawer}/`;
    this.memory = new Map();
    this.isLasting = true;
    this.ready = open().catch(() => {
      this.isLasting = false;
      return null;
    });
  }

  async act(mode, work) {
    const database = await this.ready;
    if (!database) return null;
    try {
      const transaction = database.transaction(STORE, mode);
      const result = await request(work(transaction.objectStore(STORE)));
      if (mode === "readwrite") {
        await new Promise((resolve, reject) => {
          transaction.oncomplete = resolve;
          transaction.onabort = transaction.onerror = () => reject(transaction.error);
          transaction.commit?.();
        });
      }
      return result;
    } catch {
      this.isLasting = false; // full, or taken away while the page was open
      return null;
    }
  }

  async all() {
    const range = IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`);
    const kept = (await this.act("readonly", (store) => store.getAll(range))) ?? [];
    const found = new Map(kept.map((item) => [item.key, item]));
    for (const [key, item] of this.memory) found.set(key, item);
    return [...found.values()].sort((a, b) => a.sequence - b.sequence);
  }

  async put(item) {
    this.memory.set(item.key, item);
    await this.act("readwrite", (store) => store.put(item, this.prefix + item.key));
    if (this.isLasting) this.memory.delete(item.key);
  }

  async remove(key) {
    this.memory.delete(key);
    await this.act("readwrite", (store) => store.delete(this.prefix + key));
  }

  async clear() {
    this.memory.clear();
    await this.act("readwrite", (store) => store.delete(IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`)));
  }

  static async clearStudy(study) {
    const database = await open().catch(() => null);
    if (!database) return;
    const transaction = database.transaction(STORE, "readwrite");
    transaction.objectStore(STORE).delete(IDBKeyRange.bound(`${study}/`, `${study}/\uffff`));
    await new Promise((resolve) => {
      transaction.oncomplete = transaction.onabort = transaction.onerror = resolve;
    });
    database.close();
  }
}
