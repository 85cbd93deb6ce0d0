// The page: views of the scene that is in it, what is common to them, tables that sort.
// Where there is no WebGL, or no script, the page stays as it was written: still pictures.

const byId = (id) => document.getElementById(id);

function picturesAlone() { document.documentElement.classList.add("flat"); }

function openViews(scene) {
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("there is no WebGL");
  const gl = new THREE.WebGLRenderer({alpha: true, antialias: true});
  gl.setPixelRatio(1);
  gl.domElement.addEventListener("webglcontextlost", picturesAlone);
  const clouds = scene.clouds.map((cloud) => ({
    ...cloud,
    positions: new THREE.BufferAttribute(unpacked(cloud.points, cloud), 3),
    tint: cloud.colours ? new THREE.BufferAttribute(bytes(cloud.colours), 3, true) : null,
  }));
  const canvases = document.querySelectorAll("#views canvas");
  return scene.views.map((data, i) => new View(canvases[i], data, clouds[data.cloud], gl));
}

function common(views) {
  const shared = new Camera();
  const night = matchMedia("(prefers-color-scheme: dark)");
  const most = Math.max(...views.map((view) => view.m));
  const [step, text, play, heat, why, change, numbers, linked] =
    ["step", "step-text", "play", "heat", "why", "change", "numbers", "linked"].map(byId);
  let asked = false;
  const draw = () => {
    asked = false;
    byId("why-legend").hidden = !why.checked;
    byId("change-legend").hidden = !change.checked;
    const options = {
      dark: night.matches, heat: heat.checked, why: why.checked, change: change.checked, numbers: numbers.checked,
    };
    for (const view of views) view.draw(options);
  };
  const drawSoon = () => {
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  };
  const showStep = () => {
    const t = Number(step.value);
    text.value = t === most ? `all ${most} steps` : `step ${t} of ${most}`;
    for (const view of views) view.show(t === most ? Infinity : t);
    drawSoon();
  };

  Object.assign(step, {max: most, value: most});
  for (const view of views) {
    view.camera = shared;
    hold(view, drawSoon);
  }
  const anyAttention = views.some((view) => view.attention);
  byId("legend").hidden = byId("heat-label").hidden = !anyAttention;
  heat.checked = !views.some((view) => view.cloud.tint); // attention would cover the colours
  byId("why-label").hidden = !views.some((view) => view.data.influence);
  byId("change-label").hidden = !views.some((view) => view.data.new);
  step.addEventListener("input", () => { stop(); showStep(); });
  for (const box of [heat, why, change, numbers]) box.addEventListener("change", drawSoon);
  linked.addEventListener("change", () => {
    const last = views.find((view) => view.canvas === document.activeElement) ?? views[0];
    shared.take(last.camera);
    for (const view of views) view.camera = linked.checked ? shared : new Camera(view.camera);
    drawSoon();
  });
  byId("reset").addEventListener("click", () => {
    for (const view of views) view.camera.take(START);
    drawSoon();
  });

  let clock = 0;
  const stop = () => {
    clearInterval(clock);
    clock = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (clock) return stop();
    if (Number(step.value) === most) step.value = 1;
    showStep();
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    clock = setInterval(() => {
      step.value = Number(step.value) + 1;
      showStep();
      if (Number(step.value) === most) stop();
    }, clamp(8000 / most, 60, 500));
  });

  night.addEventListener("change", drawSoon);
  const size = new ResizeObserver(drawSoon);
  const sight = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      views.find((view) => view.canvas === target).seen = isIntersecting;
    }
    drawSoon();
  }, {rootMargin: "200px"});
  for (const view of views) {
    size.observe(view.canvas);
    sight.observe(view.canvas);
  }
  showStep();
}

// A click on a heading sorts the rows by its column, another the other way round; cells without a number last.
function sortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const text = (row, column) => row.cells[column]?.dataset.value ?? row.cells[column]?.textContent ?? "";
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => ({row, text: text(row, column)}));
      const numbers = rows.filter((line) => line.text !== "" && !Number.isNaN(Number(line.text)));
      const words = rows.filter((line) => !numbers.includes(line));
      numbers.sort((a, b) => (a.text - b.text) * (down ? -1 : 1));
      words.sort((a, b) => a.text.localeCompare(b.text) * (down ? -1 : 1));
      body.append(...[...numbers, ...words].map((line) => line.row));
    });
  });
}

for (const table of document.querySelectorAll("table.sortable")) sortable(table);

const scene = JSON.parse(byId("scene").textContent);
if (scene.views.length) {
  try {
    document.documentElement.classList.remove("flat");
    const views = openViews(scene);
    common(views);
    // For programs that look at the page: where each view is looked from, the step it shows, and how much
    // of the scene, in radii, lies between the middle of a view and its upper edge at zoom 1.
    globalThis.apsnetReport = {
      views: views.length,
      camera: (i) => ({...views[i].camera}),
      step: (i) => views[i].t,
      reach: (i) => views[i].cloud.reach,
    };
  } catch (error) {
    picturesAlone();
    console.warn("The views stay still pictures:", error.message);
  }
}
