// Where views are looked from: a turntable whose vertical axis is z, around the middle of the cloud.
// Radians and radii of the cloud; the start is that of the still pictures.

const START = {azimuth: -52 * Math.PI / 180, elevation: 22 * Math.PI / 180, zoom: 1, x: 0, y: 0};
const DISTANCE = 2.6;
const POLE = 89.9 * Math.PI / 180;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

class Camera {
  constructor(from = START) { this.take(from); }

  take({azimuth, elevation, zoom, x, y}) { Object.assign(this, {azimuth, elevation, zoom, x, y}); }

  // By so many pixels of a view that is `height` pixels high: half a turn from edge to edge.
  turn(dx, dy, height) {
    this.azimuth -= dx * Math.PI / height;
    this.elevation = clamp(this.elevation + dy * Math.PI / height, -POLE, POLE);
  }

  move(dx, dy, height) {
    const across = 2 / (this.zoom * height);
    this.x -= dx * across;
    this.y += dy * across;
  }

  nearer(factor) { this.zoom = clamp(this.zoom * factor, 0.2, 50); }

  // Sets a camera of three.js for a picture that is `aspect` times as wide as high and shows `reach` radii.
  aim(eye, aspect, reach) {
    const level = Math.cos(this.elevation);
    const towards = new THREE.Vector3(
      level * Math.cos(this.azimuth), level * Math.sin(this.azimuth), Math.sin(this.elevation));
    eye.up.set(0, 0, 1);
    eye.position.copy(towards).multiplyScalar(DISTANCE);
    eye.lookAt(0, 0, 0);
    const half = reach / this.zoom;
    const near = 0.5;
    const scale = half * near / DISTANCE;
    eye.projectionMatrix.makePerspective(
      scale * aspect * -1 + this.x * near / DISTANCE, scale * aspect + this.x * near / DISTANCE,
      scale + this.y * near / DISTANCE, -scale + this.y * near / DISTANCE, near, 10);
    eye.projectionMatrixInverse.copy(eye.projectionMatrix).invert();
    eye.updateMatrixWorld();
  }
}
