// Compiles everything the browser gets into ../static, which is committed. Same input, same bytes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { iconSprite } from './icons.js';
import { licences } from './licences.js';

const here = dirname(fileURLToPath(import.meta.url));
const result = join(here, '../static');
const out = `${result}.new`; // swapped in at the end: a failed build leaves the old files
const installed = (path) => join(here, 'node_modules', path);
const targets = { minify: true, target: 'es2022', legalComments: 'none', logLevel: 'warning', absWorkingDir: here };

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'fonts'), { recursive: true });

execFileSync(process.execPath, [
  installed('@tailwindcss/cli/dist/index.mjs'), '--input', 'css/app.css', '--output', join(out, 'app.css'), '--minify',
], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });

await build({ ...targets, entryPoints: ['app/app.js'], bundle: true, format: 'iife', outfile: join(out, 'app.js') });
await build({
  ...targets, entryPoints: ['administration/administration.js', 'administration/administration.css'], outdir: out,
});
await build({
  ...targets, entryPoints: ['viewer/mesh-viewer.js'], bundle: true, splitting: true, format: 'esm',
  outdir: join(out, 'viewer'), chunkNames: 'chunks/[name]-[hash]',
});

const draco = 'three/examples/jsm/libs/draco/gltf';
for (const name of ['draco_decoder.wasm', 'draco_wasm_wrapper.js']) {
  cpSync(installed(`${draco}/${name}`), join(out, 'draco', name));
}
for (const subset of ['latin', 'latin-ext']) {
  cpSync(installed(`@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`), join(out, `fonts/inter-${subset}.woff2`));
}
cpSync(join(here, 'favicon.svg'), join(out, 'favicon.svg'));
writeFileSync(join(out, 'icons.svg'), iconSprite(readFileSync(join(here, 'icons.txt'), 'utf8').split(/\s+/).filter(Boolean)));
writeFileSync(join(out, 'LICENSES.txt'), licences(installed));

rmSync(result, { recursive: true, force: true });
renameSync(out, result);

// The tests have no node: they read axe from where it is committed.
cpSync(installed('axe-core/axe.min.js'), join(here, '../tests/browser/axe.min.js'));
