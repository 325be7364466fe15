// The tus 1.0 protocol (https://tus.io) for one file: announce it, ask how far it is, send the rest in pieces.
const PIECE_BYTES = 8 * 1024 * 1024;
const BASE = { 'Tus-Resumable': '1.0.0' };

/** The server refused the file; trying again by itself would not help. The message is its sentence. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** The connection broke or the server was busy; trying again helps. */
export class Interrupted extends Error {}

/** Announces a file; returns the address that it is sent to. */
export async function announce(url, metadata, length) {
  const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`);
  const answer = await ask('POST', url, { 'Upload-Length': length, 'Upload-Metadata': pairs.join(',') });
  return answer.getResponseHeader('Location');
}

/** How many bytes have arrived. */
export async function offsetOf(url) {
  return Number((await ask('HEAD', url)).getResponseHeader('Upload-Offset'));
}

/** Sends the file from byte `offset` to its end; `told` gets the number of bytes that are under way or there. */
export async function sendFrom(url, file, offset, { signal, told }) {
  while (offset < file.size) {
    const begin = offset;
    const answer = await ask('PATCH', url, {
      'Upload-Offset': begin, 'Content-Type': 'application/offset+octet-stream',
    }, { body: file.slice(begin, begin + PIECE_BYTES), signal, told: (sent) => told(begin + sent) });
    offset = Number(answer.getResponseHeader('Upload-Offset'));
    if (!(offset > begin)) throw new Interrupted('The server took nothing.');
    told(offset);
  }
}

// XMLHttpRequest, because fetch cannot tell how much of a body has been sent.
function ask(method, url, headers = {}, { body = null, signal, told } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const token = JSON.parse(document.body.getAttribute('hx-headers') || '{}');
    for (const [key, value] of Object.entries({ ...BASE, ...token, ...headers })) request.setRequestHeader(key, value);
    const lost = () => reject(new Interrupted('The connection is gone.'));
    request.onerror = request.ontimeout = lost;
    request.onabort = () => reject(new DOMException('Paused', 'AbortError'));
    request.onload = () => {
      const { status } = request;
      if (status >= 200 && status < 300) resolve(request);
      else if ([409, 423, 460, 502, 503, 504].includes(status)) reject(new Interrupted('The server is busy.'));
      else reject(new Refused(sentenceOf(request), status));
    };
    if (told) request.upload.onprogress = (event) => told(event.loaded);
    if (signal?.aborted) return request.onabort();
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

function sentenceOf(request) {
  const isPlain = request.getResponseHeader('Content-Type')?.startsWith('text/plain');
  if (isPlain && request.responseText.trim()) return request.responseText.trim();
  if (request.status === 403) return 'You may not upload here, or you were signed out. Reload the page.';
  return `The server could not take the file (error ${request.status}).`;
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
