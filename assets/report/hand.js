// The hand on a view: drag turns, Shift or the right button moves, two fingers zoom, so does the wheel once
// the view was clicked (until then it scrolls the page). `changed` is called with the view after each.

const KEYS = {
  ArrowLeft: (camera) => camera.turn(-24, 0, 300),
  ArrowRight: (camera) => camera.turn(24, 0, 300),
  ArrowUp: (camera) => camera.turn(0, -24, 300),
  ArrowDown: (camera) => camera.turn(0, 24, 300),
  "+": (camera) => camera.nearer(1.2),
  "=": (camera) => camera.nearer(1.2),
  "-": (camera) => camera.nearer(1 / 1.2),
  "0": (camera) => camera.take(START),
};

function hold(view, changed) {
  const {canvas} = view;
  const fingers = new Map();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, {x: event.clientX, y: event.clientY});
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const apart = fingers.size === 2 ? spread() : 0;
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    fingers.set(event.pointerId, {x: event.clientX, y: event.clientY});
    const height = canvas.clientHeight;
    if (apart) view.camera.nearer(spread() / apart);
    else if (event.shiftKey || event.buttons & 6) view.camera.move(dx * view.cloud.reach, dy * view.cloud.reach, height);
    else view.camera.turn(dx, dy, height);
    changed(view);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener("wheel", (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    view.camera.nearer(Math.exp(-event.deltaY / 500));
    changed(view);
  }, {passive: false});
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("dblclick", () => { view.camera.take(START); changed(view); });
  canvas.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    KEYS[event.key](view.camera);
    changed(view);
  });
}
