// The response is with the server: nothing of it stays in this browser.
import { Store } from "./store.js";

const receipt = document.querySelector("[data-submitted]");
if (receipt) new Store(receipt.dataset.submitted, receipt.dataset.round, receipt.dataset.drawer).clear();
