// The colours of a difference: what the reference alone has or looked at more, what both have, what this one has.

const LESS = ["#0054a6", "#60a5ff"];
const SAME = ["#8d949e", "#7b828c"];
const MORE = ["#c44e00", "#ff963c"];
const EVEN = ["#d6d9de", "#4a4f57"]; // of points that both looked at alike

function mixed(from, to, share) {
  const [one, other] = [rgb(from), rgb(to)];
  return new THREE.Vector3(...one.map((value, i) => value + (other[i] - value) * share));
}

// Nine stops from less to more, on a dark or a light ground.
function contrasting(dark) {
  const [less, even, more] = [LESS, EVEN, MORE].map((pair) => pair[Number(dark)]);
  const place = (stop) => (stop < 4 ? mixed(even, less, 1 - stop / 4) : mixed(even, more, stop / 4 - 1));
  return [...Array(9).keys()].map(place);
}

// Lines from the lost samples to those that took their places, each from one colour into the other.
function drawMoves(ink, pairs, lost, dots, width, dark) {
  ink.lineWidth = width;
  for (const [from, to] of pairs) {
    if (!dots[to]) continue; // at a later step
    const line = ink.createLinearGradient(lost[from].x, lost[from].y, dots[to].x, dots[to].y);
    line.addColorStop(0, LESS[Number(dark)]);
    line.addColorStop(1, MORE[Number(dark)]);
    ink.strokeStyle = line;
    ink.beginPath();
    ink.moveTo(lost[from].x, lost[from].y);
    ink.lineTo(dots[to].x, dots[to].y);
    ink.stroke();
  }
}
