// Fetches a light mesh (GLB with Draco, mm, z up) and turns it into one geometry with normals.
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { DRACOLoader } from 'three/addons/loaders/DRACOLoader.js';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { creasedNormals } from './normals.js';
import { HttpError } from './words.js';

const DECODER = {
  js: new URL('../draco/draco_wasm_wrapper.js', import.meta.url).href,
  wasm: new URL('../draco/draco_decoder.wasm', import.meta.url).href,
};
const MEGABYTE = 1e6;

/** The bytes at `url`. Throws HttpError, or TypeError when there is no answer; `onProgress` gets sentences. */
export async function fetchBytes(url, { signal, onProgress }) {
  const response = await fetch(url, { signal, credentials: 'same-origin' });
  if (!response.ok) throw new HttpError(response.status);
  const total = Number(response.headers.get('Content-Length'));
  const reader = response.body.getReader();
  const chunks = [];
  let received = 0;
  for (let told = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    if (total > MEGABYTE && received - told > MEGABYTE / 4) {
      told = received;
      onProgress(`Loading the 3D view, ${(received / MEGABYTE).toFixed(1)} of ${(total / MEGABYTE).toFixed(1)} MB`);
    }
  }
  onProgress('Unpacking the 3D view…');
  return new Blob(chunks).arrayBuffer();
}

/** One indexed geometry with positions, normals and, where every part has them, colors. */
export async function readLightMesh(bytes) {
  const draco = new DRACOLoader().setDecoderPath(DECODER).setWorkerLimit(1);
  try {
    const { scene } = await new GLTFLoader().setDRACOLoader(draco).parseAsync(bytes, '');
    return creasedNormals(merged(scene));
  } finally {
    draco.dispose();
  }
}

function merged(scene) {
  const parts = [];
  scene.updateMatrixWorld(true);
  scene.traverse((object) => {
    if (object.isMesh) parts.push(object.geometry.applyMatrix4(object.matrixWorld));
  });
  const colored = parts.every((part) => part.hasAttribute('color'));
  for (const part of parts) {
    for (const name of Object.keys(part.attributes)) {
      if (name !== 'position' && !(colored && name === 'color')) part.deleteAttribute(name);
    }
    if (!part.index) part.setIndex([...Array(part.getAttribute('position').count).keys()]);
  }
  const geometry = parts.length > 1 ? mergeGeometries(parts) : parts[0];
  if (!geometry?.index.count) throw new Error('There is no surface in it.');
  return geometry;
}
