// Collects the licence texts of what is compiled into static/, as those licences ask.
import { existsSync, readFileSync } from 'node:fs';

const SHIPPED = ['three', 'three-mesh-bvh', 'lucide-static', '@fontsource-variable/inter', 'tailwindcss'];
const DRACO = 'Draco decoder\n\nCopyright The Draco Authors. Licensed under the Apache License, Version 2.0:\n'
  + 'https://www.apache.org/licenses/LICENSE-2.0\n';

/** One text; `installed` turns a path inside node_modules into a path on disk. */
export function licences(installed) {
  const texts = SHIPPED.map((name) => {
    const { version } = JSON.parse(readFileSync(installed(`${name}/package.json`), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((base) => installed(`${name}/${base}`)).find(existsSync);
    return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}\n`;
  });
  return [...texts, DRACO].join(`\n${'='.repeat(80)}\n\n`);
}
