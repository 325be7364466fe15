// The sentences and numbers the viewer shows.

const INCH_MM = 25.4;

/** A length given in mm, as a number of `units` ("mm" or "in") with as many digits as matter. */
export function lengthIn(units, length) {
  const number = units === 'in' ? length / INCH_MM : length;
  const size = Math.abs(number);
  // An inch is 25 mm: one more digit tells as much.
  const digits = (units === 'in' ? 1 : 0) + (size >= 99.95 ? 0 : size >= 0.95 ? 1 : 2);
  return String(Number(number.toFixed(digits)));
}

/** The distance between two points in mm: two digits behind the point, three in inches. */
export function distanceText(units, distance) {
  return units === 'in' ? `${(distance / INCH_MM).toFixed(3)} in` : `${distance.toFixed(2)} mm`;
}

export const sizeText = (units, { x, y, z }) => `${[x, y, z].map((side) => lengthIn(units, side)).join(' × ')} ${units}`;

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
