// The points of the page: unpacked once, shared by all views of the same cloud.

const LIGHT = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];
const DARK = ["#2a0a4a", "#57106e", "#8a226a", "#bc3754", "#d44842", "#f1711f", "#fb9d07", "#f8cb34", "#fcffa4"];

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);

function bytes(text) {
  const raw = atob(text);
  const found = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) found[i] = raw.charCodeAt(i);
  return found;
}

// (n, 3) coordinates in radii of the cloud, from 16 bits an axis of its box.
function unpacked(text, cloud) {
  const steps = new Uint16Array(bytes(text).buffer);
  return Float32Array.from(steps, (step, i) => step / 65535 * cloud.span[i % 3] + cloud.low[i % 3]);
}

// How far the points reach from the middle of a picture, whatever way the table is turned: half a height.
function reachOf(positions, aspect) {
  let reach = 0.1;
  const eye = new THREE.PerspectiveCamera();
  const at = new THREE.Vector3();
  const stride = 3 * Math.ceil(positions.length / 9000);
  for (let turn = 0; turn < 8; turn++) {
    const camera = new Camera({...START, azimuth: START.azimuth + turn * Math.PI / 4});
    camera.aim(eye, aspect, 1);
    for (let i = 0; i < positions.length; i += stride) {
      at.fromArray(positions, i).project(eye);
      reach = Math.max(reach, Math.abs(at.x), Math.abs(at.y));
    }
  }
  return 1.1 * reach;
}

const VERTEX = `
  attribute float heat;
  attribute vec3 tint;
  uniform float size, shown;
  varying float warmth, nearness;
  varying vec3 own;
  void main() {
    vec4 place = modelViewMatrix * vec4(position, 1.0);
    gl_Position = projectionMatrix * place;
    nearness = clamp((3.6 + place.z) / 2.0, 0.0, 1.0);
    warmth = heat;
    own = tint;
    gl_PointSize = size * (0.75 + 0.5 * nearness) * (1.0 + 0.8 * heat * shown);
  }`;
const FRAGMENT = `
  uniform vec3 stops[9], plain, paper;
  uniform float shown, tinted;
  varying float warmth, nearness;
  varying vec3 own;
  void main() {
    if (length(gl_PointCoord - 0.5) > 0.5) discard;
    float place = warmth * 8.0;
    int stop = int(min(place, 7.0));
    vec3 hot = mix(stops[stop], stops[stop + 1], place - float(stop));
    vec3 colour = mix(mix(plain, own, tinted), hot, shown);
    float strong = max(shown, tinted);
    gl_FragColor = vec4(mix(paper, colour, mix(0.3 + 0.6 * nearness, 0.75 + 0.25 * nearness, strong)), 1.0);
  }`;

// A cloud in its own colours `tint`, or null, and the attention of one view; `shine` sets the page's colours.
function pointsOf(positions, heat, tint) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", positions);
  geometry.setAttribute("heat", heat);
  if (tint) geometry.setAttribute("tint", tint);
  const uniforms = {
    size: {value: 2}, shown: {value: 0}, tinted: {value: tint ? 1 : 0}, stops: {value: []}, plain: {value: null}, paper: {value: null},
  };
  const material = new THREE.ShaderMaterial({vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms});
  const points = new THREE.Points(geometry, material);
  points.frustumCulled = false;
  return points;
}

function shine(uniforms, dark) {
  uniforms.stops.value = (dark ? DARK : LIGHT).map((hex) => new THREE.Vector3(...rgb(hex)));
  uniforms.plain.value = new THREE.Vector3(...rgb(dark ? "#aab0ba" : "#7d8591"));
  uniforms.paper.value = new THREE.Vector3(...rgb(dark ? "#1c1f24" : "#f6f7f8"));
}
