// Connects the buttons and read-outs around a viewer (templates/components/viewer.html) with its element.
//
// Inside the nearest [data-viewer]: buttons with data-do, outputs with data-out, groups shown only for a tool with
// data-for, the sentence with data-status. Pressed buttons carry aria-pressed.
export class Toolbar {
  constructor(viewer) {
    this.viewer = viewer;
    this.frame = viewer.closest('[data-viewer]') ?? viewer;
    this.frame.addEventListener('click', this.#onClick);
    this.frame.addEventListener('input', this.#onInput);
  }

  dispose() {
    this.frame.removeEventListener('click', this.#onClick);
    this.frame.removeEventListener('input', this.#onInput);
  }

  /** Back to how the page came from the server. */
  reset() {
    for (const button of this.#all('[data-do][aria-pressed]:not([data-axis])')) {
      button.setAttribute('aria-pressed', String(['solid', 'bed'].includes(button.dataset.do)));
    }
    for (const group of this.#all('[data-for]')) group.hidden = true;
    this.show('reading', '');
  }

  state(state, text) {
    this.frame.toggleAttribute('data-ready', state === 'ready');
    for (const status of this.#all('[data-status]')) {
      status.hidden = !text;
      status.querySelector('[data-text]').textContent = text;
    }
    for (const retry of this.#all('[data-do=retry]')) retry.hidden = state !== 'error';
  }

  show(name, text) {
    for (const output of this.#all(`[data-out=${name}]`)) {
      output.hidden = !text;
      output.querySelector('[data-text]').textContent = text;
    }
  }

  warn(name, bad) {
    for (const output of this.#all(`[data-out=${name}]`)) output.toggleAttribute('data-bad', bad);
  }

  #all(selector) { return this.frame.querySelectorAll(selector); }

  #onClick = (event) => {
    const button = event.target.closest('[data-do]');
    if (!button) return;
    const { viewer } = this;
    const name = button.dataset.do;
    if (['solid', 'wireframe', 'see-through'].includes(name)) this.#shade(name);
    else if (name === 'measure') viewer.measure(this.#toggle(button));
    else if (name === 'section') this.#section(this.#toggle(button));
    else if (name === 'axis') this.#turnPlane(button);
    else if (name === 'bed') viewer.showBed(this.#toggle(button));
    else if (name === 'fit') viewer.fit();
    else if (name === 'retry') viewer.load();
    else if (name === 'picture') this.#savePicture();
    else if (name === 'fullscreen') this.#fullScreen();
    else this.#look(button);
  };

  #onInput = (event) => {
    if (event.target.closest('[data-for=section]')) this.#cut();
  };

  #toggle(button) {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    for (const group of this.#all(`[data-for=${button.dataset.do}]`)) group.hidden = !on;
    return on;
  }

  #shade(mode) {
    for (const button of this.#all('[data-do=solid], [data-do=wireframe], [data-do=see-through]')) {
      button.setAttribute('aria-pressed', String(button.dataset.do === mode));
    }
    this.viewer.shade(mode);
  }

  #section(on) {
    if (on) this.#cut();
    else this.viewer.section(null);
  }

  #cut() {
    const group = this.frame.querySelector('[data-for=section]');
    const { axis } = group.querySelector('[data-axis][aria-pressed=true]').dataset;
    this.viewer.section(axis, Number(group.querySelector('input[type=range]').value) / 100);
  }

  #turnPlane(chosen) {
    for (const button of this.#all('[data-do=axis]')) button.setAttribute('aria-pressed', String(button === chosen));
    this.#cut();
  }

  #look(button) {
    this.viewer.fit(button.dataset.do);
    button.closest('details')?.removeAttribute('open');
  }

  async #savePicture() {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await this.viewer.picture());
    link.download = `${this.viewer.name}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  #fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.frame.requestFullscreen();
  }
}
