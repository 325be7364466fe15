// Cutting open: a clipping plane, and a lid over the cut drawn by counting surfaces in the stencil buffer.
import {
  AlwaysStencilFunc, BackSide, DecrementWrapStencilOp, DoubleSide, FrontSide, IncrementWrapStencilOp, Mesh, MeshBasicMaterial,
  NotEqualStencilFunc, Plane, PlaneGeometry, ReplaceStencilOp, Vector3,
} from 'three';

// Which half is removed: the one towards the viewer of the first view.
const NORMALS = { x: new Vector3(-1, 0, 0), y: new Vector3(0, 1, 0), z: new Vector3(0, 0, -1) };
const LID = '#c2571a';

export class Section {
  #parts = [];
  #lid = null;

  constructor(stage, model) {
    this.stage = stage;
    this.model = model;
    this.plane = new Plane();
  }

  /** `at` runs from 0 to 1 through the box of the model along the axis. */
  cut(axis, at) {
    const { box, size } = this.model;
    const place = box.min[axis] + size[axis] * at;
    this.plane.normal.copy(NORMALS[axis]);
    this.plane.constant = -place * NORMALS[axis][axis];
    if (!this.#lid) this.#build();
    box.getCenter(this.#lid.position)[axis] = place;
    this.#lid.lookAt(this.#lid.position.clone().add(this.plane.normal));
    this.stage.invalidate();
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
    const span = this.model.size.length() * 2;
    this.#lid = new Mesh(new PlaneGeometry(span, span), new MeshBasicMaterial({
      color: LID, side: DoubleSide, stencilWrite: true, stencilRef: 0, stencilFunc: NotEqualStencilFunc,
      stencilFail: ReplaceStencilOp, stencilZFail: ReplaceStencilOp, stencilZPass: ReplaceStencilOp,
    }));
    this.#lid.renderOrder = 1;
    this.stage.scene.add(...this.#parts, this.#lid);
    this.model.clip(this.plane);
  }

  clear() {
    if (!this.#lid) return;
    this.#lid.geometry.dispose();
    for (const part of [...this.#parts, this.#lid]) {
      part.removeFromParent();
      part.material.dispose();
    }
    this.#parts = [];
    this.#lid = null;
    this.model.clip(null);
  }

  dispose() { this.clear(); }
}
