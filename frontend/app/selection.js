// Choosing models in the grid: what a row of checkboxes cannot do itself. Counting, shift for a range, letting go.
const boxes = () => [...document.querySelectorAll('.pick input')];
let last = null;

function show() {
  const bar = document.getElementById('selection');
  if (!bar) return;
  const all = bar.elements.all?.checked;
  const number = boxes().filter((box) => box.checked).length;
  document.getElementById('results').classList.toggle('selecting', all || number > 0);
  bar.querySelector('[data-chosen]').textContent = all ? 'All' : `${number} chosen`;
}

function letGo() {
  for (const box of boxes()) box.checked = false;
  const all = document.getElementById('selection')?.elements.all;
  if (all) all.checked = false;
  last = null;
  show();
}

document.addEventListener('click', (event) => {
  const box = event.target.closest('.pick input');
  if (box) {
    const list = boxes();
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const one of list.slice(from, to + 1)) one.checked = box.checked;
    last = box;
    show();
  } else if (event.target.closest('#selection [type=reset]')) {
    event.preventDefault();
    letGo();
  } else if (event.shiftKey || event.ctrlKey || event.metaKey) {
    // A click with a modifier on a card chooses while anything is chosen; else the browser opens a tab or window.
    const card = event.target.closest('.selecting .model');
    if (!card) return;
    event.preventDefault();
    const own = card.querySelector('.pick input');
    own.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
  }
});
document.addEventListener('change', (event) => { if (event.target.form?.id === 'selection') show(); });
document.addEventListener('selectionDone', letGo);
document.addEventListener('htmx:afterSwap', show);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]') && document.querySelector('.selecting')) letGo();
});
window.addEventListener('pageshow', show); // Back restores the ticks
