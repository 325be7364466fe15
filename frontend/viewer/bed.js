// The print bed under the model: a 10 mm grid, the outline of the printer's bed, and whether the model fits it.
import { BufferGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineLoop, LineSegments, Mesh, PlaneGeometry, ShadowMaterial, Vector3 } from 'three';
import { lengthIn } from './words.js';

const STEP_MM = 10;
const LINES = '#7c8798';
const FITS = '#14b8a6';
const TOO_BIG = '#ef4444';

export class Bed {
  #group = new Group();

  /** `bed` is "width,depth" in mm, or null: then there is a grid without an outline. `units` is for the verdict. */
  constructor(stage, model, bed, units) {
    const [width, depth] = (bed ?? '').split(',').map(Number);
    const { x, y } = model.size;
    this.stage = stage;
    this.known = width > 0 && depth > 0;
    this.tooBig = this.known && !(x <= width && y <= depth) && !(y <= width && x <= depth);
    this.turned = this.known && !this.tooBig && !(x <= width && y <= depth);
    this.verdict = this.known ? this.#judge(width, depth, units) : '';
    const outline = this.known ? [width, depth] : [x, y].map((length) => Math.ceil(length / STEP_MM + 2) * STEP_MM);
    this.#group.add(grid(...outline));
    if (this.known) this.#group.add(border(...outline, this.tooBig ? TOO_BIG : FITS));
    if (stage.full) this.#group.add(floor(model));
    this.#group.position.z = -model.size.z / 1000 - 0.01;
    stage.scene.add(this.#group);
  }

  #judge(width, depth, units) {
    const bed = `${lengthIn(units, width)} × ${lengthIn(units, depth)} ${units} bed`;
    if (this.tooBig) return `Too big for the ${bed}`;
    return this.turned ? `Fits the ${bed} when turned` : `Fits the ${bed}`;
  }

  show(on) {
    this.#group.visible = on;
    this.stage.invalidate();
  }

  dispose() {
    for (const part of this.#group.children) {
      part.geometry.dispose();
      part.material.dispose();
    }
    this.#group.removeFromParent();
  }
}

function grid(width, depth) {
  const points = [];
  for (let x = -Math.floor(width / 2 / STEP_MM) * STEP_MM; x <= width / 2; x += STEP_MM) {
    points.push(x, -depth / 2, 0, x, depth / 2, 0);
  }
  for (let y = -Math.floor(depth / 2 / STEP_MM) * STEP_MM; y <= depth / 2; y += STEP_MM) {
    points.push(-width / 2, y, 0, width / 2, y, 0);
  }
  const geometry = new BufferGeometry().setAttribute('position', new Float32BufferAttribute(points, 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color: LINES, transparent: true, opacity: 0.28 }));
}

function border(width, depth, color) {
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([x, y]) => new Vector3((x * width) / 2, (y * depth) / 2, 0));
  return new LineLoop(new BufferGeometry().setFromPoints(corners), new LineBasicMaterial({ color }));
}

function floor(model) {
  const span = model.size.length() * 7;
  const plane = new Mesh(new PlaneGeometry(span, span), new ShadowMaterial({ opacity: 0.22 }));
  plane.receiveShadow = true;
  return plane;
}
