// What is said of points, lines and angles, on the screen and by a screen reader: the texts come from
// Python, in the language of the page, with places for numbers and names.

let TEXTS = {};
const learn = (texts) => {
  TEXTS = texts;
};
const said = (name, values = {}) => TEXTS[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const decimal = (number) => String(number).replace(".", said("decimal_sign"));

const STATES = ["placed", "sticker", "estimated", "detected", "unplaced"];
const TOOLS = { line: "plumb_line", scale: "scale" };
const CM_RANGE = [1, 300];

const labelOf = (model, id) => (isEnd(id) ? said(TOOLS[ENDS[id][0]]) : model.words[id].label);

// Which end a handle is, by where it lies now.
function endName(model, id) {
  const [kind, end] = ENDS[id];
  const [here, there] = [model.at(id), model.at(`${kind}.${3 - end}`)];
  const upright = kind === "line" && model.now.line.along === "vertical";
  if (upright) {
    return said(here.y < there.y || (here.y === there.y && end === 1) ? "upper_end" : "lower_end");
  }
  return said(here.x < there.x || (here.x === there.x && end === 1) ? "left_end" : "right_end");
}

const titleOf = (model, id) => `${labelOf(model, id)}, ${endName(model, id)}`;

// Whether a handle is of a scale that says nothing yet.
function isUncounted(model, id) {
  const placed = isEnd(id) && model.kind(id) !== "unplaced";
  return placed && ENDS[id][0] === "scale" && !model.now.scale.cm;
}

// How far a point or line is, in words.
function stateOf(model, id) {
  const kind = model.kind(id);
  if (isUncounted(model, id)) return said("not_counted");
  return said(isEnd(id) && kind === "unplaced" ? "unplaced_line" : kind);
}

function whereIs(model, id) {
  const { x, y } = model.at(id);
  return said("place", { x: Math.round(x), y: Math.round(y) });
}

// A handle's name for a screen reader.
function sayHandle(model, id) {
  const name = isEnd(id) ? titleOf(model, id) : model.words[id].spoken;
  return said("handle", { name, state: said(model.kind(id)), place: whereIs(model, id) });
}

// The angles as drawn now, none if what they stand on is not placed. Where nobody knows which way
// the person looks, the trunk leans neither forward nor backward.
function sayAngles(model) {
  const way = (what, degrees) =>
    said(`${what}_${degrees < 0 ? "backward" : "forward"}`, {
      angle: decimal(Math.abs(degrees).toFixed(1)),
    });
  const parts = [];
  if (model.has("psis", "asis")) parts.push(way("pelvis", model.tilt()));
  if (model.facing && model.has("hip", "shoulder")) {
    const [low, high] = [model.at("hip"), model.at("shoulder")];
    parts.push(way("trunk", forwardLeanDeg(low, high, model.lean(), model.facing)));
  }
  return parts.length ? said("drawing", { angles: parts.join(", ") }) : "";
}

// Where a handle was left, and what that makes of the angles or of the scale.
function sayLeft(model, id) {
  const name = isEnd(id) ? titleOf(model, id) : labelOf(model, id);
  const counts = isUncounted(model, id) ? said("it_is_not_counted") : sayAngles(model);
  return `${said("left", { name, place: whereIs(model, id) })} ${counts}`;
}
