// Packs the icons named in icons.txt into one SVG file of symbols, used as <use href="icons.svg#name">.
import { readFileSync } from 'node:fs';

/** The sprite with one symbol per lucide icon name; throws on a name lucide does not have. */
export function iconSprite(names) {
  const symbols = [...new Set(names)].sort().map((name) => {
    const source = readFileSync(new URL(`node_modules/lucide-static/icons/${name}.svg`, import.meta.url), 'utf8');
    const shapes = source.slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.indexOf('</svg>'));
    const drawn = shapes.replace(/\s+/g, ' ').replaceAll('> <', '><').replaceAll(' />', '/>').trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" `
      + `stroke-linecap="round" stroke-linejoin="round">${drawn}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}
