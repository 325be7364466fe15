// What Django's admin pages lack for people who do not see them: names for the fields that scripts put there.

const nameOf = (select) => document.querySelector(`label[for="${select.id}"]`)?.textContent.replace(/[:\s]+$/, '');

function name(container) {
  const select = container.previousElementSibling;
  const label = select && nameOf(select);
  if (!label) return;
  for (const field of container.querySelectorAll('[role="combobox"], [role="textbox"], .select2-search__field')) {
    field.removeAttribute('aria-labelledby');
    field.setAttribute('aria-label', label);
  }
  // A list may hold entries only.
  for (const clear of container.querySelectorAll('ul > .select2-selection__clear')) clear.parentElement.before(clear);
}

function mend() {
  for (const container of document.querySelectorAll('.select2-container:not([data-named])')) {
    container.dataset.named = '';
    name(container);
    // Choosing an entry makes the fields anew.
    new MutationObserver(() => name(container)).observe(container, { childList: true, subtree: true });
  }
  for (const help of document.querySelectorAll('span.help-tooltip[aria-label]')) help.setAttribute('role', 'img');
}

window.addEventListener('load', () => {
  mend();
  // Rows that are added to a form bring fields of their own.
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
});
