// Uploads: what is dropped or picked goes into a queue, two files at a time; the list itself comes from the server.
import { droppedFiles, pickedFiles } from './uploads/dropped.js';
import { Queue } from './uploads/queue.js';
import { UploadPage } from './uploads/page.js';

let page = null;

// The page may come by htmx or by a drop on the grid: whatever shows it wakes it.
function wake() {
  const main = document.querySelector('[data-uploads]');
  if (main && page?.main !== main) page = new UploadPage(main, new Queue(main.dataset.announce));
}

document.addEventListener('DOMContentLoaded', wake);
document.addEventListener('htmx:load', wake);

// Anywhere on the upload page, and on pages that name it in data-drop-page, files can be dropped.
const target = () => document.querySelector('[data-uploads], [data-drop-page]');
const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
const light = (on) => {
  for (const element of document.querySelectorAll('[data-drop], [data-drop-page]')) element.toggleAttribute('data-over', on);
};

document.addEventListener('dragover', (event) => {
  if (!hasFiles(event) || !target()) return;
  event.preventDefault();
  light(true);
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) light(false);
});
document.addEventListener('drop', async (event) => {
  const place = target();
  light(false);
  if (!hasFiles(event) || !place) return;
  event.preventDefault();
  const files = droppedFiles(event.dataTransfer); // to be asked for before anything is awaited
  if (place.dataset.dropPage) await goTo(place.dataset.dropPage);
  page?.add(await files);
});
document.addEventListener('change', (event) => {
  if (!page?.main.contains(event.target) || event.target.type !== 'file') return;
  page.add(pickedFiles(event.target.files));
  event.target.value = '';
});
document.addEventListener('click', (event) => {
  const picks = event.target.closest('[data-picks]');
  if (picks) document.getElementById(picks.dataset.picks).click();
});

// A real navigation would lose the files.
async function goTo(address) {
  const answer = await fetch(address);
  const shown = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const main = shown.getElementById('main');
  if (!answer.ok || !main?.hasAttribute('data-uploads')) return location.assign(address);
  (document.querySelector('.with-rail') ?? document.getElementById('main')).replaceWith(main);
  for (const menu of ['.topnav', '.tabbar']) document.querySelector(menu)?.replaceWith(shown.querySelector(menu));
  document.title = shown.title;
  history.pushState(null, '', answer.url);
  addEventListener('popstate', () => location.reload(), { once: true });
  htmx.process(main);
  wake();
}
