// Cutting open: a clipping plane, and over the cut of a closed model a lid, drawn by counting surfaces in the stencil buffer.
import {
  AlwaysStencilFunc, BackSide, DecrementWrapStencilOp, DoubleSide, FrontSide, IncrementWrapStencilOp, Mesh, MeshBasicMaterial,
  NotEqualStencilFunc, Plane, PlaneGeometry, ReplaceStencilOp, Vector3,
} from 'three';

// Which half is removed: the one towards the viewer of the first view.
const NORMALS = { x: new Vector3(-1, 0, 0), y: new Vector3(0, 1, 0), z: new Vector3(0, 0, -1) };
// How a unit square comes to lie across each axis, and which sides of the model's box it then spans.
const ACROSS = {
  x: { turn: [0, Math.PI / 2, 0], spans: ['z', 'y'] },
  y: { turn: [Math.PI / 2, 0, 0], spans: ['x', 'z'] },
  z: { turn: [0, 0, 0], spans: ['x', 'y'] },
};
const LID = '#c2571a';

export class Section {
  #parts = [];
  #lid = null;

  /** Without `closed` there is no inside to count: the cut stays open. */
  constructor(stage, model, { closed }) {
    Object.assign(this, { stage, model, closed });
    this.plane = new Plane();
  }

  /** `at` runs from 0 to 1 through the box of the model along the axis. */
  cut(axis, at) {
    const { box, size } = this.model;
    const place = box.min[axis] + size[axis] * at;
    this.plane.normal.copy(NORMALS[axis]);
    this.plane.constant = -place * NORMALS[axis][axis];
    if (this.closed) this.#cover(axis, place);
    this.model.clip(this.plane);
    this.stage.invalidate();
  }

  #cover(axis, place) {
    if (!this.#lid) this.#build();
    const { turn, spans } = ACROSS[axis];
    this.#lid.rotation.set(...turn);
    this.#lid.scale.set(...spans.map((side) => this.model.size[side] * 1.01), 1);
    this.model.box.getCenter(this.#lid.position)[axis] = place;
  }

  #build() {
    // Along a line of sight, as many surfaces are entered as left, unless the plane cut one off: there the lid belongs.
    this.#parts = [[BackSide, IncrementWrapStencilOp], [FrontSide, DecrementWrapStencilOp]].map(([side, op]) => {
      const counter = new MeshBasicMaterial({
        side, colorWrite: false, depthWrite: false, depthTest: false, clippingPlanes: [this.plane], stencilWrite: true,
        stencilFunc: AlwaysStencilFunc, stencilFail: op, stencilZFail: op, stencilZPass: op,
      });
      return new Mesh(this.model.geometry, counter);
    });
    this.#lid = new Mesh(new PlaneGeometry(1, 1), new MeshBasicMaterial({
      color: LID, side: DoubleSide, stencilWrite: true, stencilRef: 0, stencilFunc: NotEqualStencilFunc,
      stencilFail: ReplaceStencilOp, stencilZFail: ReplaceStencilOp, stencilZPass: ReplaceStencilOp,
    }));
    this.#lid.renderOrder = 1;
    this.stage.scene.add(...this.#parts, this.#lid);
  }

  clear() {
    this.model.clip(null);
    if (!this.#lid) return;
    this.#lid.geometry.dispose();
    for (const part of [...this.#parts, this.#lid]) {
      part.removeFromParent();
      part.material.dispose();
    }
    this.#parts = [];
    this.#lid = null;
  }

  dispose() { this.clear(); }
}
