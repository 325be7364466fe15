// Sends the event "poll" to every element with data-poll="milliseconds" while the page can be seen.
// htmx' own "every 1s [condition]" needs eval, which the CSP forbids; write hx-trigger="poll" instead.
const TICK_MS = 250;
const lastAt = new WeakMap();

function tick() {
  if (document.visibilityState !== 'visible') return;
  const now = performance.now();
  for (const element of document.querySelectorAll('[data-poll]')) {
    if (!lastAt.has(element)) lastAt.set(element, now);
    const due = now - lastAt.get(element) >= Number(element.dataset.poll);
    if (!due || element.classList.contains('htmx-request')) continue;
    lastAt.set(element, now);
    element.dispatchEvent(new CustomEvent('poll'));
  }
}

setInterval(tick, TICK_MS);
document.addEventListener('visibilitychange', tick);
