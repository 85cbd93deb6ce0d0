// One view: the cloud by WebGL, the samples over it as numbered discs, the nearest last.
// One WebGL picture serves all views, for a browser gives a page only a few; each copies it to its canvas.

// The colour of a sample whose removal makes an answer likelier (-1, blue) or less likely (1, red).
function speaking(influence) {
  const end = influence < 0 ? [33, 102, 172] : [194, 65, 12];
  const mixed = [141, 148, 158].map((grey, i) => grey + (end[i] - grey) * Math.abs(influence) ** 0.6);
  return `rgb(${mixed.map(Math.round).join(" ")})`;
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
  }

  // Steps 1 to t, the attention of step t; of all steps where t is `Infinity`.
  show(t) {
    this.t = t;
    if (!this.attention) return;
    const n = this.heat.count;
    const after = this.steps.findIndex((step) => step > t);
    const row = t >= this.m ? this.steps.length : (after < 0 ? this.steps.length : after) - 1;
    this.heat.array.set(this.attention.subarray(row * n, (row + 1) * n));
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
    uniforms.shown.value = this.attention && options.heat ? 1 : 0;
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
    const dots = [];
    for (let i = 0; i < Math.min(m, this.t); i++) {
      at.fromArray(this.samples, 3 * i).applyMatrix4(this.eye.matrixWorldInverse);
      const depth = -at.z;
      at.applyMatrix4(this.eye.projectionMatrix);
      dots.push({i, depth, x: (at.x + 1) / 2 * width, y: (1 - at.y) / 2 * height});
    }
    dots.sort((a, b) => b.depth - a.depth);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    for (const {i, depth, x, y} of dots) {
      const far = clamp((depth - 1.6) / 2, 0, 1);
      const radius = size * (1.15 - 0.35 * far) * clamp(height / density / 260, 0.7, 1.6);
      ink.beginPath();
      ink.arc(x, y, radius, 0, 2 * Math.PI);
      ink.fillStyle = options.why && this.data.influence ? speaking(this.data.influence[i]) : this.data.colour;
      ink.fill();
      ink.lineWidth = density * (m <= 100 ? 1.2 : 0.6);
      ink.strokeStyle = i + 1 === this.t ? (options.dark ? "#ffffff" : "#000000") : "#ffffff";
      ink.stroke();
      if (!options.numbers || m > 100) continue;
      ink.font = `600 ${radius * (i < 99 ? 1.1 : 0.85)}px system-ui, sans-serif`;
      ink.fillStyle = "#ffffff";
      ink.fillText(String(i + 1), x, y + radius * 0.06);
    }
  }
}
