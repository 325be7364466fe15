// The stage: canvas, renderer, camera, lights; draws a frame only when something changed.
import {
  ACESFilmicToneMapping, DirectionalLight, HemisphereLight, MathUtils, PCFShadowMap, PerspectiveCamera, PMREMGenerator, Scene, Sphere,
  Spherical, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';

const VIEWS = {
  iso: [0.75, -1.25, 0.7], front: [0, -1, 0], back: [0, 1, 0], left: [-1, 0, 0], right: [1, 0, 0],
  top: [0, -0.001, 1], bottom: [0, -0.001, -1],
};
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
const POLE = 0.02; // radians kept between the camera and straight above or below

/** A WebGL context of a new canvas, or null where the browser has none. */
export function webglContext() {
  const settings = { antialias: true, alpha: true, stencil: true, powerPreference: 'high-performance' };
  return document.createElement('canvas').getContext('webgl2', settings);
}

export class Stage {
  #frame = 0;

  constructor(host, context, quality) {
    this.host = host;
    this.canvas = context.canvas;
    this.renderer = new WebGLRenderer({ canvas: this.canvas, context, antialias: true, alpha: true, stencil: true });
    this.renderer.localClippingEnabled = true;
    host.append(this.canvas);
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(35, 1, 0.1, 1e4);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.controls.addEventListener('change', () => this.invalidate());
    this.full = quality === 'full' || (quality !== 'lite' && !drawsInSoftware(context));
    host.dataset.quality = this.full ? 'full' : 'lite';
    this.renderer.setPixelRatio(this.full ? Math.min(devicePixelRatio, 2) : 1);
    this.#light();
    this.canvas.addEventListener('webglcontextlost', this.#lost);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(host);
    this.#resize();
  }

  // Image-based light with a shadow costs nothing on a GPU and seconds in software rendering, where plain lights must do.
  #light() {
    this.key = new DirectionalLight(0xffffff, this.full ? 2.2 : 2.3);
    this.key.position.set(0.6, -1, 1.4);
    const sky = new HemisphereLight(0xffffff, 0x8892a2, this.full ? 0.5 : 1.25);
    sky.position.set(0, 0, 1);
    this.scene.add(sky, this.key, this.key.target);
    if (!this.full) return;
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.toneMappingExposure = 1.1;
    const generator = new PMREMGenerator(this.renderer);
    this.scene.environment = generator.fromScene(new RoomEnvironment(), 0.04).texture;
    this.scene.environmentIntensity = 0.55;
    generator.dispose();
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.shadowMap.autoUpdate = false; // drawn once per model, not per frame
    this.key.castShadow = true;
    this.key.shadow.mapSize.set(2048, 2048);
    this.key.shadow.radius = 6;
    this.key.shadow.bias = -0.0006;
    this.key.shadow.normalBias = 0.4;
  }

  /** Aims light and shadow at `box`; a no-op in lite quality. */
  lightUp(box) {
    if (!this.full) return;
    const { center, radius } = box.getBoundingSphere(new Sphere());
    this.key.position.set(-1.2, -1.5, 2.6).multiplyScalar(radius).add(center);
    this.key.target.position.copy(center);
    const reach = radius * 1.7;
    const camera = this.key.shadow.camera;
    Object.assign(camera, { left: -reach, right: reach, top: reach, bottom: -reach, near: radius / 100, far: radius * 8 });
    camera.updateProjectionMatrix();
    this.renderer.shadowMap.needsUpdate = true;
  }

  /** Looks at the middle of `box` from a named view, as near as all of it can be seen. */
  frame(box, view) {
    const towards = new Vector3(...VIEWS[view]).normalize();
    const center = box.getCenter(new Vector3());
    const distance = this.#distanceToSee(box, towards) * 1.12;
    this.controls.target.copy(center);
    this.camera.position.copy(towards).multiplyScalar(distance).add(center);
    this.camera.near = distance / 200;
    this.camera.far = distance * 20;
    this.camera.updateProjectionMatrix();
    this.controls.update();
    this.invalidate();
  }

  #distanceToSee({ min, max }, towards) {
    const across = new Vector3().crossVectors(this.camera.up, towards).normalize();
    const up = new Vector3().crossVectors(towards, across);
    const tall = Math.tan(MathUtils.degToRad(this.camera.fov / 2));
    const wide = tall * this.camera.aspect;
    const half = max.clone().sub(min).divideScalar(2);
    let distance = 1e-3;
    for (const x of [-1, 1]) for (const y of [-1, 1]) for (const z of [-1, 1]) {
      const corner = new Vector3(x, y, z).multiply(half);
      const nearer = corner.dot(towards);
      distance = Math.max(distance, Math.abs(corner.dot(across)) / wide + nearer, Math.abs(corner.dot(up)) / tall + nearer);
    }
    return distance;
  }

  turn(right, up) {
    const offset = this.camera.position.clone().sub(this.controls.target);
    // Spherical counts from the y axis; here z is up.
    const around = new Spherical().setFromVector3(new Vector3(offset.x, offset.z, -offset.y));
    around.theta += MathUtils.degToRad(right);
    around.phi = MathUtils.clamp(around.phi - MathUtils.degToRad(up), POLE, Math.PI - POLE);
    const { x, y, z } = new Vector3().setFromSpherical(around);
    this.camera.position.copy(this.controls.target).add(new Vector3(x, -z, y));
    this.controls.update();
    this.invalidate();
  }

  zoom(factor) {
    this.camera.position.sub(this.controls.target).multiplyScalar(factor).add(this.controls.target);
    this.controls.update();
    this.invalidate();
  }

  invalidate() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.draw();
    });
  }

  draw() { this.renderer.render(this.scene, this.camera); }

  /** The drawing buffer is not kept between frames: draw, then read in the same turn. */
  picture() {
    this.draw();
    return new Promise((resolve) => { this.canvas.toBlob(resolve, 'image/png'); });
  }

  #resize() {
    const { clientWidth, clientHeight } = this.host;
    if (!clientWidth || !clientHeight) return;
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  #lost = (event) => {
    event.preventDefault();
    this.onContextLost?.();
  };

  /** Gives the context back at once: browsers allow about sixteen of them. */
  dispose() {
    cancelAnimationFrame(this.#frame);
    this.canvas.removeEventListener('webglcontextlost', this.#lost);
    this.resizing.disconnect();
    this.controls.dispose();
    this.scene.environment?.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }
}

function drawsInSoftware(context) {
  const info = context.getExtension('WEBGL_debug_renderer_info');
  return SOFTWARE.test(info ? context.getParameter(info.UNMASKED_RENDERER_WEBGL) : '');
}
