// The files of this page on their way: two at a time, paused and taken up again, across reloads of the page as well.
import { announce, Interrupted, offsetOf, Refused, sendFrom } from './tus.js';

const AT_ONCE = 2;
const LONGEST_WAIT_MS = 30_000;

/** Events: "change" (an item moved on, in `detail`), "announced" (the server has a row of an item), "settled" (one is over). */
export class Queue extends EventTarget {
  constructor(announceUrl) {
    super();
    this.announceUrl = announceUrl;
    this.batch = '';
    this.items = [];
    this.isPaused = false;
  }

  /** Adds files ({ file, path }) and begins. */
  add(files) {
    for (const { file, path } of files) {
      this.items.push({ file, path, url: '', id: '', sent: 0, state: 'waiting', text: '', abort: null });
    }
    this.run();
  }

  /** Begins as many files as may run at once. */
  run() {
    while (!this.isPaused && this.items.filter((item) => item.state === 'running').length < AT_ONCE) {
      const next = this.items.find((item) => item.state === 'waiting');
      if (!next) return;
      this.send(next);
    }
  }

  pause(item) {
    if (item.state === 'running' || item.state === 'waiting') {
      item.state = 'paused';
      item.abort?.abort();
      this.tell('change', item);
      this.run();
    }
  }

  resume(item) {
    if (item.state === 'paused' || item.state === 'refused') {
      item.state = 'waiting';
      item.text = '';
      this.tell('change', item);
      this.run();
    }
  }

  pauseAll(isPaused) {
    this.isPaused = isPaused;
    for (const item of [...this.items]) isPaused ? this.pause(item) : this.resume(item);
  }

  /** Forgets an item; the server is told by the page's own form. */
  drop(item) {
    item.state = 'dropped';
    item.abort?.abort();
    forget(this.batch, item);
    this.items = this.items.filter((other) => other !== item);
    this.tell('change', item);
    this.run();
  }

  async send(item) {
    item.state = 'running';
    item.abort = new AbortController();
    for (let failures = 0; item.state === 'running'; failures += 1) {
      try {
        await this.sendOnce(item, () => { failures = 0; });
        item.state = 'done';
        item.sent = item.file.size;
        forget(this.batch, item);
      } catch (error) {
        if (item.state !== 'running') break; // paused or dropped
        if (!(error instanceof Interrupted)) {
          item.state = 'refused';
          item.text = error instanceof Refused ? error.message : `The file cannot be read (${error.message}).`;
          if (error.status === 404 || error.status === 410) forgetUrl(this.batch, item);
        } else {
          await this.waitFor(item, Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures), error.message);
        }
      }
    }
    this.tell('settled', item);
    this.run();
  }

  async sendOnce(item, moved) {
    item.url ||= remembered(this.batch, item);
    let offset = item.url ? await offsetOf(item.url).catch(ifGone) : null;
    if (offset === null) {
      item.url = await announce(this.announceUrl, { batch: this.batch, path: item.path, filename: item.file.name }, item.file.size);
      remember(this.batch, item);
      offset = 0;
    }
    item.id = item.url.split('/').at(-2);
    item.sent = offset;
    item.text = '';
    this.tell('announced', item);
    const told = (sent) => {
      item.sent = sent;
      moved();
      this.tell('change', item);
    };
    await sendFrom(item.url, item.file, offset, { signal: item.abort.signal, told });
  }

  async waitFor(item, milliseconds, why) {
    item.text = `${why} Trying again in ${Math.round(milliseconds / 1000)} s.`;
    this.tell('change', item);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      item.abort.signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
    item.text = '';
  }

  tell(name, item) {
    this.dispatchEvent(new CustomEvent(name, { detail: item }));
  }
}

// An address that is over is begun anew; anything else is trouble.
function ifGone(error) {
  if (error instanceof Refused && (error.status === 404 || error.status === 410)) return null;
  throw error;
}

// The browser remembers where each file is being sent, so that the same file goes on after a reload.
const keyOf = (batch, { file, path }) => `upload:${batch}:${path}:${file.size}:${file.lastModified}`;

function remembered(batch, item) {
  try { return localStorage.getItem(keyOf(batch, item)) ?? ''; } catch { return ''; } // forbidden in some private windows
}
function remember(batch, item) {
  try { localStorage.setItem(keyOf(batch, item), item.url); } catch { /* a reload then begins the file anew */ }
}
function forget(batch, item) {
  try { localStorage.removeItem(keyOf(batch, item)); } catch { /* nothing was remembered */ }
}
function forgetUrl(batch, item) {
  forget(batch, item);
  item.url = '';
}
