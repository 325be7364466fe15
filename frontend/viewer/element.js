// <mesh-viewer src="light-mesh.glb" name="Dragon" bed="220,220" units="mm|in" quality="full|lite" open> over a poster picture it contains;
// `open` says that the mesh is not watertight.
// Being a custom element, it starts and cleans up by itself wherever htmx puts it or takes it away.
import { Bed } from './bed.js';
import { onKey } from './keyboard.js';
import { fetchBytes, readLightMesh } from './loading.js';
import { Measure } from './measure.js';
import { Model } from './model.js';
import { Section } from './section.js';
import { Stage, webglContext } from './stage.js';
import { Toolbar } from './toolbar.js';
import { sizeText, sentenceFor } from './words.js';

export class MeshViewer extends HTMLElement {
  static observedAttributes = ['src'];
  #loading = null;
  #toolbar = null;

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute('role', 'application');
    this.setAttribute('aria-roledescription', '3D view');
    this.setAttribute('aria-label', `3D view of ${this.name}. Arrow keys turn it, plus and minus zoom, F fits it.`);
    this.#toolbar = new Toolbar(this);
    this.addEventListener('keydown', onKey);
    this.load();
  }

  disconnectedCallback() {
    this.removeEventListener('keydown', onKey);
    this.#toolbar.dispose();
    this.#close();
  }

  attributeChangedCallback(_name, before, after) {
    if (this.#toolbar && before !== after) this.load();
  }

  get name() { return this.getAttribute('name') || 'this model'; }

  get units() { return this.getAttribute('units') || 'mm'; }

  /** Fetches and shows `src` anew; whatever was shown or on its way before is dropped. */
  async load() {
    this.#close();
    const src = this.getAttribute('src');
    if (!src) return;
    const context = webglContext();
    if (!context) {
      this.#say('unsupported', 'This browser shows no 3D (WebGL is off), so here is the picture.');
      return;
    }
    const loading = this.#loading = new AbortController();
    try {
      this.#say('loading', 'Loading the 3D view…');
      const bytes = await fetchBytes(src, {
        signal: loading.signal,
        onProgress: (text) => this.#say('loading', text),
      });
      const geometry = await readLightMesh(bytes);
      if (loading.signal.aborted) return geometry.dispose();
      this.#open(context, geometry);
    } catch (error) {
      if (!loading.signal.aborted) this.#say('error', sentenceFor(error));
    }
  }

  #open(context, geometry) {
    this.stage = new Stage(this, context, this.getAttribute('quality'));
    this.model = new Model(this.stage, geometry);
    this.bed = new Bed(this.stage, this.model, this.getAttribute('bed'), this.units);
    this.sectioning = new Section(this.stage, this.model, { closed: !this.hasAttribute('open') });
    this.measuring = new Measure(this.stage, this.model, this.units, (text) => this.#toolbar.show('reading', text));
    this.stage.onContextLost = () => {
      this.#close();
      this.#say('error', 'The graphics driver stopped the 3D view. Try again.');
    };
    this.fit();
    this.#toolbar.show('size', sizeText(this.units, this.model.size));
    this.#toolbar.show('bed', this.bed.verdict);
    this.#toolbar.warn('bed', this.bed.tooBig);
    this.#say('ready', '');
  }

  #close() {
    this.#loading?.abort();
    this.measuring?.dispose();
    this.sectioning?.dispose();
    this.bed?.dispose();
    this.model?.dispose();
    this.stage?.dispose();
    this.stage = this.model = this.bed = this.sectioning = this.measuring = null;
    delete this.dataset.state;
    delete this.dataset.tool;
    this.#toolbar?.reset();
  }

  #say(state, text) {
    this.dataset.state = state;
    this.#toolbar?.state(state, text);
    this.dispatchEvent(new CustomEvent('viewer-state', { bubbles: true, detail: { state, text } }));
  }

  /** Shows the whole model from where the camera is now, or from a named view: iso, front, back, left, right, top, bottom. */
  fit(view = 'iso') { this.stage?.frame(this.model.box, view); }

  /** Turns the camera around the model, by degrees to the right and up. */
  turn(right, up) { this.stage?.turn(right, up); }

  /** Moves the camera nearer (factor below 1) or away. */
  zoom(factor) { this.stage?.zoom(factor); }

  /** "solid", "wireframe" or "see-through". */
  shade(mode) { this.model?.shade(mode); }

  /** Cuts the model open at `at` (0 to 1) along "x", "y" or "z"; no axis closes it. */
  section(axis, at = 0.5) {
    if (axis) this.sectioning?.cut(axis, at);
    else this.sectioning?.clear();
  }

  /** While on, two clicks (or Enter, at the middle of the view) measure a distance. */
  measure(on) {
    this.dataset.tool = on ? 'measure' : '';
    if (on) this.measuring?.start();
    else this.measuring?.stop();
  }

  showBed(on) { this.bed?.show(on); }

  /** A PNG of the view as it is. */
  picture() { return this.stage.picture(); }
}
