// Short messages: from the server ("toast" event of HX-Trigger, or rendered into #toasts), and when the server is silent.
const SHOWN_MS = 6000;

/** Shows a message; errors stay until they are dismissed. */
function toast({ text, level = 'success' }) {
  const blank = document.getElementById('toast').content.firstElementChild.cloneNode(true);
  blank.dataset.level = level;
  blank.querySelector('[data-text]').textContent = text;
  document.getElementById('toasts').append(blank);
  expire(blank);
}

function expire(element) {
  if (element.dataset.level !== 'error') setTimeout(() => element.remove(), SHOWN_MS);
}

document.addEventListener('toast', (event) => toast(event.detail));
document.addEventListener('click', (event) => event.target.closest('[data-dismiss]')?.closest('.toast').remove());
document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('#toasts .toast').forEach(expire));

// A poll that fails is repeated anyway: it stays quiet.
const isPoll = (event) => event.detail.requestConfig?.triggeringEvent?.type === 'poll';

document.addEventListener('htmx:sendError', (event) => {
  if (!isPoll(event)) toast({ level: 'error', text: 'The server does not answer. Check that Layershelf is running, then try again.' });
});
document.addEventListener('htmx:responseError', (event) => {
  if (isPoll(event)) return;
  const { status } = event.detail.xhr;
  const text = {
    403: 'You may not do this, or you were signed out. Reload the page.',
    404: 'This is no longer there. Reload the page.',
  }[status] ?? `The server could not do this (error ${status}). Nothing was changed; try again.`;
  toast({ level: 'error', text });
});
