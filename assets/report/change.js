// The colours of a difference: what the reference alone has or looked at more, what both have, what this one has.
// They are properties of the page's style, which the program writes.

const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function mixed(from, to, share) {
  const [one, other] = [rgb(from), rgb(to)];
  return new THREE.Vector3(...one.map((value, i) => value + (other[i] - value) * share));
}

// Nine stops from less to more.
function contrasting() {
  const [less, even, more] = ["less", "even", "more"].map(colourOf);
  const place = (stop) => (stop < 4 ? mixed(even, less, 1 - stop / 4) : mixed(even, more, stop / 4 - 1));
  return [...Array(9).keys()].map(place);
}

// Lines from the lost samples to those that took their places, each from one colour into the other.
function drawMoves(ink, pairs, lost, dots, width) {
  const [less, more] = ["less", "more"].map(colourOf);
  ink.lineWidth = width;
  for (const [from, to] of pairs) {
    if (!dots[to]) continue; // at a later step
    const line = ink.createLinearGradient(lost[from].x, lost[from].y, dots[to].x, dots[to].y);
    line.addColorStop(0, less);
    line.addColorStop(1, more);
    ink.strokeStyle = line;
    ink.beginPath();
    ink.moveTo(lost[from].x, lost[from].y);
    ink.lineTo(dots[to].x, dots[to].y);
    ink.stroke();
  }
}
