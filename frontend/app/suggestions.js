// The list below the search box: arrows move through it, Enter or a click takes a suggestion, Escape closes it.
const box = () => document.getElementById('q');
const list = () => document.getElementById('suggestion-list');
const options = () => [...(list()?.children ?? [])];
const chosen = () => options().find((option) => option.getAttribute('aria-selected') === 'true');

function choose(option) {
  for (const one of options()) one.setAttribute('aria-selected', one === option);
  if (option) box().setAttribute('aria-activedescendant', option.id);
  else box().removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

function close() {
  list()?.remove();
  box()?.setAttribute('aria-expanded', 'false');
  box()?.removeAttribute('aria-activedescendant');
}

function take(option) {
  const input = box();
  input.value = option.dataset.fill;
  close();
  input.focus();
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('htmx:afterSwap', ({ target }) => {
  if (target.id !== 'suggestions') return;
  if (document.activeElement !== box()) close();
  box().setAttribute('aria-expanded', String(options().length > 0));
});
document.addEventListener('keydown', (event) => {
  if (event.target !== box() || !list()) return;
  const all = options();
  const at = all.indexOf(chosen());
  if (event.key === 'ArrowDown') choose(all[(at + 1) % all.length]);
  else if (event.key === 'ArrowUp') choose(all[at < 0 ? all.length - 1 : at - 1]);
  else if (event.key === 'Enter' && at >= 0) take(all[at]);
  else if (event.key === 'Enter') return close();
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
});
// Before the box loses the focus, which closes the list.
document.addEventListener('mousedown', (event) => {
  const option = event.target.closest('#suggestion-list > li');
  if (!option) return;
  event.preventDefault();
  take(option);
});
document.addEventListener('focusout', (event) => { if (event.target === box()) close(); });
