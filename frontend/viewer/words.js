// The sentences and numbers the viewer shows.

/** A length in mm with as many digits as matter. */
export function millimeters(length) {
  const digits = Math.abs(length) >= 99.95 ? 0 : Math.abs(length) >= 0.95 ? 1 : 2;
  return String(Number(length.toFixed(digits)));
}

export const sizeText = ({ x, y, z }) => `${millimeters(x)} × ${millimeters(y)} × ${millimeters(z)} mm`;

/** A failed answer of the server. */
export class HttpError extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** What happened, and what to do, for an error of loading. */
export function sentenceFor(error) {
  if (error instanceof HttpError) {
    if (error.status === 404) return 'There is no 3D view of this file yet. It is made in the background.';
    if (error.status === 403) return 'You may not open this file, or you were signed out.';
    return `The server could not send the 3D view (error ${error.status}). Try again.`;
  }
  if (error instanceof TypeError) return 'The server does not answer. Try again.';
  return 'The 3D view could not be read. The file itself is untouched and can be downloaded.';
}
