// <a href="/confirm/" data-dialog="id"> opens <dialog id>. Without script the link leads to the confirmation page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target.matches("dialog.dialog[open]")) event.target.close(); // the backdrop
});

// A dialog that htmx has just put into the page opens by itself.
document.addEventListener("htmx:load", (event) => {
  const dialog = event.target.closest?.("dialog[data-open]") ?? event.target.querySelector?.("dialog[data-open]");
  if (dialog && !dialog.open) dialog.showModal();
});
