// Angles and curves in photo pixels, x right and y down: for drawing alone, results come from Python.

const DEGREES = 180 / Math.PI;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const finite = (point) => Number.isFinite(point?.x) && Number.isFinite(point?.y);

// Unit vectors of true up and of true right where the vertical leans to the photo's right.
function axes(leanDeg) {
  const lean = leanDeg / DEGREES;
  return {
    up: { x: Math.sin(lean), y: -Math.cos(lean) },
    right: { x: Math.cos(lean), y: Math.sin(lean) },
  };
}

// How far a vector goes to the true right and up.
function along(from, to, leanDeg) {
  const { up, right } = axes(leanDeg);
  const x = to.x - from.x;
  const y = to.y - from.y;
  return { right: x * right.x + y * right.y, up: x * up.x + y * up.y };
}

// Pelvic tilt as drawn, in (-180, 180]: + where the front of the pelvis is the lower end. Where
// nobody knows which way the person looks, the front is where the ASIS is.
function tiltDeg(psis, asis, leanDeg, facing) {
  const way = along(psis, asis, leanDeg);
  const forward = facing ? (facing === "right" ? way.right : -way.right) : Math.abs(way.right);
  return Math.atan2(-way.up, forward) * DEGREES;
}

// How far a line from low to high leans to the front, which has to be known: + = forward.
function forwardLeanDeg(low, high, leanDeg, facing) {
  const way = along(low, high, leanDeg);
  const forward = facing === "left" ? -way.right : way.right;
  return Math.atan2(forward, way.up) * DEGREES;
}

// Lean of the true vertical to the photo's right that a drawn line tells.
function leanOfLine(line) {
  let x = line.x2 - line.x1;
  let y = line.y2 - line.y1;
  if (line.along === "vertical") {
    if (y > 0) [x, y] = [-x, -y];
    return Math.atan2(x, -y) * DEGREES;
  }
  if (x < 0) [x, y] = [-x, -y];
  return Math.atan2(y, x) * DEGREES;
}

// A smooth path through points, as SVG path data (Catmull-Rom).
function smoothPath(points) {
  if (points.length < 2) return "";
  const at = (i) => points[clamp(i, 0, points.length - 1)];
  let path = `M${points[0].x} ${points[0].y}`;
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    path +=
      `C${b.x + (c.x - a.x) / 6} ${b.y + (c.y - a.y) / 6}` +
      ` ${c.x - (d.x - b.x) / 6} ${c.y - (d.y - b.y) / 6} ${c.x} ${c.y}`;
  }
  return path;
}
