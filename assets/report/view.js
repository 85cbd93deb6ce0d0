// One view: the cloud by WebGL, the samples over it as numbered discs, the nearest last.
// One WebGL picture serves all views, for a browser gives a page only a few; each copies it to its canvas.

// The colour of a sample whose removal makes an answer likelier (-1, blue) or less likely (1, red).
function speaking(influence) {
  const share = Math.abs(influence) ** 0.6;
  const rest = mixed(colourOf("both"), colourOf(influence < 0 ? "opposed" : "speaking"), share).toArray();
  return `rgb(${rest.map((value) => Math.round(255 * value)).join(" ")})`;
}

class View {
  constructor(canvas, data, cloud, gl) {
    this.canvas = canvas;
    this.ink = canvas.getContext("2d");
    this.gl = gl;
    this.data = data;
    this.cloud = cloud;
    this.eye = new THREE.PerspectiveCamera();
    this.samples = unpacked(data.samples, cloud);
    this.m = this.samples.length / 3;
    const n = cloud.positions.count;
    this.steps = data.steps ?? [];
    this.attention = data.attention ? bytes(data.attention) : null; // (steps + 1, n), the sum of all last
    this.heat = new THREE.BufferAttribute(new Uint8Array(n), 1, true);
    this.points = pointsOf(cloud.positions, this.heat, cloud.tint);
    this.scene = new THREE.Scene().add(this.points);
    this.seen = true;
    this.against = data.against ? bytes(data.against) : null; // how much more than the reference, 127.5 as much
    this.lost = data.lost ? unpacked(data.lost, cloud) : [];
  }

  // Steps 1 to t, the attention of step t; of all steps where t is `Infinity`.
  show(t) {
    this.t = t;
    if (!this.attention) return;
    const after = this.steps.findIndex((step) => step > t);
    this.row = t >= this.m ? this.steps.length : (after < 0 ? this.steps.length : after) - 1;
  }

  // Bring what colours the cloud to it: the difference to the reference, or the attention of the present step.
  warm(against) {
    const row = against ? -1 : this.row;
    if (row === undefined || row === this.warmed) return;
    this.warmed = row;
    const n = this.heat.count;
    this.heat.array.set(against ? this.against : this.attention.subarray(row * n, (row + 1) * n));
    this.heat.needsUpdate = true;
  }

  draw(options) {
    const {clientWidth, clientHeight} = this.canvas;
    if (!this.seen || !clientWidth) return;
    const density = Math.min(devicePixelRatio, 2);
    const width = Math.round(clientWidth * density);
    const height = Math.round(clientHeight * density);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, {width, height});
    }
    const picture = this.gl.domElement;
    if (picture.width !== width || picture.height !== height) this.gl.setSize(width, height, false);
    const uniforms = this.points.material.uniforms;
    shine(uniforms, options.dark);
    const against = Boolean(options.change && this.against);
    if (against) uniforms.stops.value = contrasting();
    this.warm(against);
    uniforms.shown.value = against || (this.attention && options.heat && !(options.change && this.data.new)) ? 1 : 0;
    uniforms.size.value = Math.max(1.2, height / 60 / Math.sqrt(this.heat.count / 400)) * this.camera.zoom ** 0.5;
    this.cloud.reach ??= reachOf(this.cloud.positions.array, width / height);
    this.camera.aim(this.eye, width / height, this.cloud.reach);
    this.gl.render(this.scene, this.eye);
    this.ink.clearRect(0, 0, width, height);
    this.ink.drawImage(picture, 0, 0);
    this.drawSamples(width, height, density, options);
  }

  drawSamples(width, height, density, options) {
    const {ink, m} = this;
    const size = density * (m <= 16 ? 9.5 : m <= 40 ? 8 : m <= 100 ? 6.5 : m <= 300 ? 4 : 2.6);
    const at = new THREE.Vector3();
    const [less, both, more] = ["less", "both", "more"].map(colourOf);
    const placed = (points, count, colour) => [...Array(count).keys()].map((i) => {
      at.fromArray(points, 3 * i).applyMatrix4(this.eye.matrixWorldInverse);
      const depth = -at.z;
      at.applyMatrix4(this.eye.projectionMatrix);
      return {i, depth, x: (at.x + 1) / 2 * width, y: (1 - at.y) / 2 * height, colour: colour(i)};
    });
    const changed = options.change && this.data.new;
    const why = options.why && this.data.influence;
    const dots = placed(this.samples, Math.min(m, this.t), (i) => (
      changed ? (this.data.new[i] ? more : both) : why ? speaking(why[i]) : this.data.colour
    ));
    if (changed) {
      const lost = placed(this.lost, this.lost.length / 3, () => less);
      drawMoves(ink, this.data.pairs, lost, dots, 1.5 * density);
      dots.push(...lost.map((dot) => ({...dot, i: -1})));
    }
    dots.sort((a, b) => b.depth - a.depth);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    for (const {i, depth, x, y, colour} of dots) {
      const far = clamp((depth - 1.6) / 2, 0, 1);
      const radius = size * (1.15 - 0.35 * far) * clamp(height / density / 260, 0.7, 1.6);
      ink.beginPath();
      ink.arc(x, y, radius, 0, 2 * Math.PI);
      ink.fillStyle = colour;
      ink.fill();
      ink.lineWidth = density * (m <= 100 ? 1.2 : 0.6);
      ink.strokeStyle = i + 1 === this.t ? (options.dark ? "#ffffff" : "#000000") : "#ffffff";
      ink.stroke();
      if (!options.numbers || m > 100 || i < 0) continue;
      ink.font = `600 ${radius * (i < 99 ? 1.1 : 0.85)}px system-ui, sans-serif`;
      ink.fillStyle = "#ffffff";
      ink.fillText(String(i + 1), x, y + radius * 0.06);
    }
  }
}
