// What is said of points, lines and angles, on the screen and by a screen reader.

const STATES = {
  placed: "placed",
  sticker: "sticker",
  estimated: "the program's guess, not confirmed",
  detected: "found by the program",
  unplaced: "not placed yet",
};
const TOOLS = { line: "Plumb line", scale: "Scale" };

const HINT =
  "Drag each point onto its bone, or confirm it where it sits right: ASIS and PSIS are enough for " +
  "the pelvic tilt. Zoom with two fingers, two taps or the buttons.";
const LINE_WORDS =
  "Draw it along something in the room that is truly vertical or horizontal, such as a door frame: " +
  "the longer, the better. The photo's tilt is then corrected by it.";
const SCALE_WORDS =
  "Put both ends on two places whose distance you know, as far from the camera as the person is.";
const NOT_COUNTED = "not counted, and not kept, until its distance in cm is given";
const CM_RANGE = [1, 300];
const CM_WANTED = `Give a distance from ${CM_RANGE[0]} to ${CM_RANGE[1]} cm.`;

const labelOf = (model, id) => (isEnd(id) ? TOOLS[ENDS[id][0]] : model.words[id].label);

// Which end a handle is, by where it lies now.
function endName(model, id) {
  const [kind, end] = ENDS[id];
  const [here, there] = [model.at(id), model.at(`${kind}.${3 - end}`)];
  const upright = kind === "line" && model.now.line.along === "vertical";
  if (upright) return here.y < there.y || (here.y === there.y && end === 1) ? "upper end" : "lower end";
  return here.x < there.x || (here.x === there.x && end === 1) ? "left end" : "right end";
}

const titleOf = (model, id) => `${labelOf(model, id)}, ${endName(model, id)}`;

// How far a point or line is, in words.
function stateOf(model, id) {
  const kind = model.kind(id);
  if (!isEnd(id)) return STATES[kind];
  if (kind === "unplaced") return `${STATES.unplaced}: drag its ends`;
  return ENDS[id][0] === "scale" && !model.now.scale.cm ? NOT_COUNTED : STATES[kind];
}

function whereIs(model, id) {
  const { x, y } = model.at(id);
  return `${Math.round(x)} by ${Math.round(y)}`;
}

// A handle's name for a screen reader.
function sayHandle(model, id) {
  const name = isEnd(id) ? titleOf(model, id) : model.words[id].spoken;
  const state = STATES[model.kind(id)];
  return `${name}, ${state}, ${whereIs(model, id)}. Arrow keys move it, Enter confirms.`;
}

// The angles as drawn now, none if what they stand on is not placed. Where nobody knows which way
// the person looks, the trunk leans neither forward nor backward.
function sayAngles(model) {
  const way = (degrees) => `${Math.abs(degrees).toFixed(1)}° ${degrees < 0 ? "backward" : "forward"}`;
  const parts = [];
  if (model.has("psis", "asis")) parts.push(`PSIS to ASIS ${way(model.tilt())}`);
  if (model.facing && model.has("hip", "shoulder")) {
    const [low, high] = [model.at("hip"), model.at("shoulder")];
    parts.push(`trunk ${way(forwardLeanDeg(low, high, model.lean(), model.facing))}`);
  }
  return parts.length ? `In the drawing: ${parts.join(", ")}.` : "";
}

// Where a handle was left, and what that makes of the angles or of the scale.
function sayLeft(model, id) {
  const name = isEnd(id) ? titleOf(model, id) : labelOf(model, id);
  const counts = stateOf(model, id) === NOT_COUNTED ? `It is ${NOT_COUNTED}.` : sayAngles(model);
  return `${name} at ${whereIs(model, id)}. ${counts}`;
}
