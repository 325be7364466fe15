// <dialog>: opened by [data-opens=id] or by htmx filling #dialog, closed by the server's "closeDialog" or the backdrop.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]');
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.closest('[data-closes]')) event.target.closest('dialog').close();
  if (event.target.matches('dialog[open]') && outside(event)) event.target.close();
});

// The backdrop belongs to the dialog element: only the position tells a click on it from one on the padding.
function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.addEventListener('htmx:afterSwap', (event) => {
  const dialog = document.getElementById('dialog');
  if (event.target === dialog && dialog.hasChildNodes() && !dialog.open) dialog.showModal();
});
document.addEventListener('closeDialog', () => document.getElementById('dialog').close());
