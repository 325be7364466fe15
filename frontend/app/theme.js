// Light or dark: the account's choice, else this browser's, else the device's.
const root = document.documentElement;
const device = matchMedia('(prefers-color-scheme: dark)');

const remembered = () => {
  try { return localStorage.getItem('theme'); } catch { return null; } // storage is forbidden in some private windows
};
const remember = (theme) => {
  try { localStorage.setItem('theme', theme); } catch { /* the choice then lasts for this page */ }
};

function show(choice) {
  root.dataset.theme = choice === 'dark' || choice === 'light' ? choice : device.matches ? 'dark' : 'light';
}

root.dataset.script = '';
show(root.dataset.choice || remembered());
device.addEventListener('change', () => show(root.dataset.choice || remembered()));

document.addEventListener('click', async (event) => {
  const toggle = event.target.closest('[data-theme-toggle]');
  if (!toggle) return;
  const theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  show(theme);
  remember(theme);
  if (root.dataset.choice === undefined) return;
  root.dataset.choice = theme;
  const headers = JSON.parse(document.body.getAttribute('hx-headers') || '{}');
  await fetch(toggle.dataset.themeToggle, { method: 'POST', headers, body: new URLSearchParams({ theme }) });
});
