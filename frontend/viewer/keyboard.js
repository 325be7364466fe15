// The keyboard on a focused viewer.
const STEP = 10; // degrees

const ACTIONS = {
  ArrowLeft: (viewer) => viewer.turn(-STEP, 0),
  ArrowRight: (viewer) => viewer.turn(STEP, 0),
  ArrowUp: (viewer) => viewer.turn(0, STEP),
  ArrowDown: (viewer) => viewer.turn(0, -STEP),
  '+': (viewer) => viewer.zoom(0.85),
  '=': (viewer) => viewer.zoom(0.85),
  '-': (viewer) => viewer.zoom(1 / 0.85),
  f: (viewer) => viewer.fit(),
  Home: (viewer) => viewer.fit(),
  Enter: (viewer) => viewer.dataset.tool === 'measure' && viewer.measuring?.pick(0, 0),
};

/** Handles a keydown whose current target is the viewer. */
export function onKey(event) {
  const action = ACTIONS[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action(event.currentTarget);
}
