// Measuring from point to point: finds the surface under the pointer, snaps to a near corner, draws the ruler.
import { BufferGeometry, CanvasTexture, DoubleSide, Group, Line, LineBasicMaterial, Points, PointsMaterial, Raycaster, Vector2, Vector3 } from 'three';
import { distanceText, lengthIn } from './words.js';

const COLOR = '#db2777';
const SNAP_PX = 12;
const STILL_PX = 4; // a pointer that moved further was turning the model

export class Measure {
  #tree = null;
  #points = [];
  #ruler = new Group();
  #down = null;

  constructor(stage, model, units, onReading) {
    Object.assign(this, { stage, model, units, onReading });
    stage.scene.add(this.#ruler);
  }

  start() {
    this.stage.canvas.addEventListener('pointerdown', this.#press);
    this.stage.canvas.addEventListener('pointerup', this.#release);
    this.#points = [];
    this.#redraw();
  }

  stop() {
    this.stage.canvas.removeEventListener('pointerdown', this.#press);
    this.stage.canvas.removeEventListener('pointerup', this.#release);
    this.#points = [];
    this.#redraw();
    this.onReading('');
  }

  #press = ({ clientX, clientY }) => { this.#down = [clientX, clientY]; };

  #release = ({ clientX, clientY }) => {
    if (!this.#down || Math.hypot(clientX - this.#down[0], clientY - this.#down[1]) > STILL_PX) return;
    const { left, top, width, height } = this.stage.canvas.getBoundingClientRect();
    this.pick(((clientX - left) / width) * 2 - 1, 1 - ((clientY - top) / height) * 2);
  };

  /** Takes the surface point seen at (x, y), each from -1 to 1, as the next end of the ruler. */
  async pick(x, y) {
    const point = await this.#surfaceAt(new Vector2(x, y));
    if (!point) return;
    this.#points = this.#points.length === 2 ? [point] : [...this.#points, point];
    this.#redraw();
  }

  async #surfaceAt(pointer) {
    // Loaded and built at the first measurement only: 90 kB, and a second for a million triangles.
    this.#tree ??= import('three-mesh-bvh').then(({ MeshBVH }) => new MeshBVH(this.model.geometry, { indirect: true }));
    const tree = await this.#tree;
    this.stage.camera.updateMatrixWorld(); // else it is where the last drawn frame had it
    const caster = new Raycaster();
    caster.setFromCamera(pointer, this.stage.camera);
    const [plane] = this.model.material.clippingPlanes ?? [];
    const hits = tree.raycast(caster.ray, DoubleSide).filter(({ point }) => !plane || plane.distanceToPoint(point) >= 0);
    hits.sort((a, b) => a.distance - b.distance);
    return hits.length ? this.#snapped(hits[0], pointer) : null;
  }

  #snapped({ point, face }, pointer) {
    const { clientWidth, clientHeight } = this.stage.canvas;
    const positions = this.model.geometry.getAttribute('position');
    let [best, nearest] = [point, SNAP_PX];
    for (const vertex of [face.a, face.b, face.c]) {
      const corner = new Vector3().fromBufferAttribute(positions, vertex);
      const seen = corner.clone().project(this.stage.camera);
      const distance = Math.hypot(((seen.x - pointer.x) * clientWidth) / 2, ((seen.y - pointer.y) * clientHeight) / 2);
      if (distance < nearest) [best, nearest] = [corner, distance];
    }
    return best;
  }

  #redraw() {
    this.#clearRuler();
    if (this.#points.length) {
      const geometry = new BufferGeometry().setFromPoints(this.#points);
      const always = { color: COLOR, depthTest: false, transparent: true };
      const dots = { ...always, map: dot(), size: 12 * this.stage.renderer.getPixelRatio(), sizeAttenuation: false };
      this.#ruler.add(new Line(geometry, new LineBasicMaterial(always)), new Points(geometry, new PointsMaterial(dots)));
      for (const part of this.#ruler.children) part.renderOrder = 9;
    }
    this.onReading(this.#reading());
    this.stage.invalidate();
  }

  #reading() {
    const [from, to] = this.#points;
    if (!from) return 'Click the first point';
    if (!to) return 'Click the second point';
    const [x, y, z] = ['x', 'y', 'z'].map((axis) => lengthIn(this.units, Math.abs(to[axis] - from[axis])));
    return `${distanceText(this.units, from.distanceTo(to))}  (x ${x}, y ${y}, z ${z})`;
  }

  #clearRuler() {
    for (const part of this.#ruler.children) {
      part.geometry.dispose();
      part.material.map?.dispose();
      part.material.dispose();
    }
    this.#ruler.clear();
  }

  dispose() {
    this.stop();
    this.#ruler.removeFromParent();
  }
}

function dot() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 32;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.arc(16, 16, 15, 0, 2 * Math.PI);
  pen.fill();
  return new CanvasTexture(canvas);
}
