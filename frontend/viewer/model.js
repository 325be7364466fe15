// The model on the stage: one mesh standing on z = 0, and the three ways to shade it.
import { Box3, DoubleSide, Mesh, MeshBasicMaterial, MeshStandardMaterial, Vector3 } from 'three';

const COLOR = '#8ba0ba'; // near the one of the server's pictures
const DENSE = 60_000; // triangles from which a wireframe would be a blot: its lines get fainter

export class Model {
  #lines = null;

  constructor(stage, geometry) {
    this.stage = stage;
    geometry.computeBoundingBox();
    const { min, max } = geometry.boundingBox;
    geometry.translate(-(min.x + max.x) / 2, -(min.y + max.y) / 2, -min.z);
    geometry.computeBoundingBox();
    this.geometry = geometry;
    this.box = new Box3().copy(geometry.boundingBox);
    this.size = this.box.getSize(new Vector3());
    this.triangles = geometry.index.count / 3;
    const painted = geometry.hasAttribute('color');
    this.material = new MeshStandardMaterial({
      color: painted ? '#fff' : COLOR, vertexColors: painted, roughness: 0.62, metalness: 0.02, side: DoubleSide,
      polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1,
    });
    this.mesh = new Mesh(geometry, this.material);
    this.mesh.renderOrder = 2;
    this.mesh.castShadow = this.mesh.receiveShadow = stage.full;
    stage.scene.add(this.mesh);
    stage.lightUp(this.box);
  }

  shade(mode) {
    const clear = mode === 'see-through';
    Object.assign(this.material, { transparent: clear, opacity: clear ? 0.35 : 1, depthWrite: !clear, needsUpdate: true });
    this.#dropLines();
    if (mode === 'wireframe') {
      const opacity = this.triangles > DENSE ? 0.18 : 0.55;
      const ink = new MeshBasicMaterial({ color: '#0b1220', wireframe: true, transparent: true, opacity });
      this.#lines = new Mesh(this.geometry, ink);
      this.#lines.renderOrder = 3;
      ink.clippingPlanes = this.material.clippingPlanes;
      this.stage.scene.add(this.#lines);
    }
    this.stage.invalidate();
  }

  /** Hides what is behind the plane; null shows everything. */
  clip(plane) {
    for (const material of [this.material, this.#lines?.material]) {
      if (!material || (material.clippingPlanes?.[0] ?? null) === plane) continue;
      material.clippingPlanes = plane && [plane];
      material.needsUpdate = true;
    }
    this.stage.invalidate();
  }

  #dropLines() {
    this.#lines?.removeFromParent();
    this.#lines?.material.dispose();
    this.#lines = null;
  }

  dispose() {
    this.#dropLines();
    this.mesh.removeFromParent();
    this.material.dispose();
    this.geometry.dispose();
  }
}
