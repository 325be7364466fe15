// The upload page: opens the batch with the first file, and lays what this browser knows over the server's list.
const REFRESH_MS = 700;

export class UploadPage {
  constructor(main, queue) {
    this.main = main;
    this.queue = queue;
    queue.batch = main.dataset.batch;
    this.refreshing = 0;
    queue.addEventListener('change', ({ detail }) => { this.show(detail); this.showTotal(); });
    queue.addEventListener('announced', () => this.refreshSoon());
    queue.addEventListener('settled', ({ detail }) => this.settle(detail));
    main.addEventListener('click', (event) => this.click(event));
    main.addEventListener('htmx:afterSettle', () => this.showAll());
    main.addEventListener('htmx:beforeRequest', (event) => this.cancelled(event));
    addEventListener('beforeunload', (event) => { if (this.isBusy()) event.preventDefault(); });
  }

  async add(files) {
    if (!files.length || !(await this.open())) return;
    this.queue.add(files);
    this.showTotal();
  }

  /** Opens the batch by sending the form as it is; false if something in it is wrong, which the form then says. */
  async open() {
    if (this.queue.batch) return true;
    const form = this.main.querySelector('#upload-form');
    const fields = new FormData(form);
    fields.delete('files');
    fields.set('begin', '1');
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(fields) }).catch(() => null);
    if (!answer?.ok) {
      document.dispatchEvent(new CustomEvent('toast', { detail: { level: 'error', text: 'The upload could not begin. Check that Layershelf is running, then try again.' } }));
      return false;
    }
    const shown = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const id of ['upload-side', 'upload-files']) {
      const fresh = shown.getElementById(id);
      document.getElementById(id).replaceWith(fresh);
      htmx.process(fresh);
    }
    this.queue.batch = this.main.dataset.batch = shown.querySelector('[data-uploads]').dataset.batch;
    if (!this.queue.batch) return false;
    history.replaceState(null, '', answer.url);
    return true;
  }

  isBusy() {
    return this.main.isConnected && this.queue.items.some((item) => ['running', 'waiting'].includes(item.state));
  }

  settle(item) {
    if (item.state === 'refused' && !item.id) this.refuse(item);
    this.showTotal();
    this.refreshSoon();
  }

  /** A file that the server never took: it has no row there. */
  refuse(item) {
    const panel = this.main.querySelector('[data-refused]');
    const row = this.main.querySelector('[data-refused-row]').content.firstElementChild.cloneNode(true);
    row.querySelector('[data-name]').textContent = item.path;
    row.querySelector('[data-text]').textContent = item.text;
    row.querySelector('[data-again]').addEventListener('click', () => {
      row.remove();
      panel.hidden = !panel.querySelector('li');
      this.queue.resume(item);
    });
    panel.querySelector('ul').append(row);
    panel.hidden = false;
  }

  refreshSoon() {
    this.refreshing ||= setTimeout(() => {
      this.refreshing = 0;
      document.getElementById('upload-files')?.dispatchEvent(new CustomEvent('refresh'));
    }, REFRESH_MS);
  }

  showAll() {
    for (const item of this.queue.items) this.show(item);
    this.showTotal();
  }

  show(item) {
    const row = item.id && document.getElementById(`upload-${item.id}`);
    if (!row || row.dataset.state !== 'receiving') return;
    const bar = row.querySelector('progress');
    if (bar) bar.value = item.sent;
    const what = { paused: 'Paused. ', refused: '', waiting: 'Waiting. ' }[item.state] ?? '';
    row.querySelector('[data-text]').textContent = what + (item.text || `${size(item.sent)} of ${size(item.file.size)}`);
    row.querySelector('[data-hint]')?.remove();
    const button = row.querySelector('[data-pause]');
    button.hidden = item.state === 'done';
    const isPaused = item.state === 'paused' || item.state === 'refused';
    button.querySelector('[data-when=paused]').hidden = !isPaused;
    button.querySelector('[data-when=running]').hidden = isPaused;
    button.setAttribute('aria-label', `${isPaused ? 'Resume' : 'Pause'} ${item.path}`);
  }

  showTotal() {
    const { items } = this.queue;
    const all = items.reduce((sum, { file }) => sum + file.size, 0);
    const sent = items.reduce((sum, item) => sum + item.sent, 0);
    const left = items.filter((item) => item.state !== 'done' && item.state !== 'refused').length;
    const bar = this.main.querySelector('progress[data-total]');
    bar.hidden = !left;
    bar.max = all || 1;
    bar.value = sent;
    const section = document.getElementById('upload-files');
    section.hidden = section.hidden && !items.length;
    section.querySelector('[data-queue]').textContent = left ? `· ${left} to send, ${size(sent)} of ${size(all)}` : '';
    const button = section.querySelector('[data-pause-all]');
    button.hidden = !left;
    button.querySelector('[data-text]').textContent = this.queue.isPaused ? 'Go on' : 'Pause all';
  }

  click(event) {
    if (event.target.closest('[data-pause-all]')) {
      this.queue.pauseAll(!this.queue.isPaused);
      this.showAll();
    }
    if (event.target.closest('[data-clear-refused]')) {
      const panel = event.target.closest('[data-refused]');
      panel.querySelector('ul').replaceChildren();
      panel.hidden = true;
    }
    const item = event.target.closest('[data-pause]') && this.itemAt(event.target);
    if (!item) return;
    if (item.state === 'paused' || item.state === 'refused') this.queue.resume(item);
    else this.queue.pause(item);
  }

  /** The row's own form gives the file up; here it only stops being sent. */
  cancelled(event) {
    const item = event.detail.requestConfig?.triggeringEvent?.submitter?.matches('[data-cancel]') && this.itemAt(event.target);
    if (item) this.queue.drop(item);
  }

  itemAt(element) {
    const id = element.closest('[data-upload]')?.dataset.upload;
    return this.queue.items.find((item) => item.id === id);
  }
}

/** Bytes as the server writes them: 1 MB = 1,000,000 bytes. */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
