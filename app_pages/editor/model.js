// What is placed and drawn, with its history; it knows no element of the page.

const PELVIS = ["asis", "psis"];
const MOST_STEPS = 200;
const LEAST_SD_PX = 0.5;
const MOST_BEND_DEG = 15;

// The ends of the drawn lines are handles too.
const ENDS = {
  "line.1": ["line", 1],
  "line.2": ["line", 2],
  "scale.1": ["scale", 1],
  "scale.2": ["scale", 2],
};
const isEnd = (id) => id in ENDS;

class Model {
  constructor(data) {
    this.photo = data.photo;
    this.names = Object.keys(data.words);
    this.words = data.words;
    this.past = [];
    this.future = [];
    this.before = null;
    this.now = { points: {}, line: null, scale: null, added: [] };
    this.revision = null;
    this.take(data);
  }

  // Take what Python knows: its points always, its corrections only if they are not our own echo.
  take(data) {
    this.width = data.width;
    this.height = data.height;
    this.program = data.points;
    this.facing = data.facing;
    this.vertical = data.vertical;
    this.verticalLine = data.vertical_line;
    this.leastLength = data.least_length;
    this.notes = data.notes;
    this.tips = data.tips ?? 0;
    if (data.revision === this.revision) return;
    const first = this.revision === null;
    this.revision = data.revision;
    const { points, line, distance: scale } = data.corrections;
    if (!first) this.remember(this.before ?? this.now);
    this.now = {
      points,
      line: line && { ...line, set: true },
      scale: scale && { ...scale, set: true },
      added: this.now.added,
    };
    if (this.before) this.before = this.now; // a drag goes on from here
  }

  remember(state) {
    this.past.push(state);
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
  }

  // Everything between begin and commit is one step of the history.
  begin() {
    this.before ??= this.now;
  }

  commit() {
    const { before } = this;
    this.before = null;
    if (before === null || JSON.stringify(before) === JSON.stringify(this.now)) return false;
    this.remember(before);
    return true;
  }

  cancel() {
    this.now = this.before ?? this.now;
    this.before = null;
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.now = from.pop();
    return true;
  }

  // The points to show, from head to foot.
  shown() {
    const none = !Object.keys(this.program).length;
    return this.names.filter(
      (name) =>
        name in this.program || name in this.now.points || this.now.added.includes(name) ||
        (none && PELVIS.includes(name)),
    );
  }

  missing() {
    const shown = this.shown();
    return this.names.filter((name) => !shown.includes(name));
  }

  handles() {
    const ends = (kind) => (this.now[kind] ? [`${kind}.1`, `${kind}.2`] : []);
    return [...this.shown(), ...ends("line"), ...ends("scale")];
  }

  at(id) {
    if (isEnd(id)) {
      const [kind, end] = ENDS[id];
      const drawn = this.now[kind];
      return drawn && { x: drawn[`x${end}`], y: drawn[`y${end}`] };
    }
    return this.now.points[id] ?? this.program[id] ?? usualPlace(this, id);
  }

  // placed, sticker, estimated, detected or unplaced.
  kind(id) {
    if (isEnd(id)) return this.counts(ENDS[id][0]) ? "placed" : "unplaced";
    return this.now.points[id]?.source ?? this.program[id]?.source ?? "unplaced";
  }

  // Whether nobody has placed or confirmed a point that the program cannot see.
  isOpen(name) {
    return ["estimated", "unplaced"].includes(this.kind(name));
  }

  // Whether a line was put in place and is long enough to be one.
  counts(kind) {
    const drawn = this.now[kind];
    if (!drawn?.set) return false;
    return Math.hypot(drawn.x2 - drawn.x1, drawn.y2 - drawn.y1) >= this.leastLength;
  }

  // Whether all of these points are shown, and none only waits to be placed.
  has(...names) {
    return names.every((name) => this.shown().includes(name) && this.kind(name) !== "unplaced");
  }

  // Where the program had a point that a person has moved.
  ghost(id) {
    const [mine, its] = [this.now.points[id], this.program[id]];
    return mine && its && distance(mine, its) > 0.5 ? its : null;
  }

  // Pelvic tilt as drawn, made up for the camera's height as the result is.
  tilt() {
    return tiltDeg(this.at("psis"), this.at("asis"), this.lean(), this.facing) + this.tips;
  }

  // The vertical at the person, from the last answer, turned as the line was turned since: beside
  // the line it leans a little differently if the camera looked up or down.
  lean() {
    const { line } = this.now;
    const { vertical, verticalLine: before } = this;
    if (!this.counts("line")) return vertical ?? 0;
    const lean = leanOfLine(line);
    if (vertical === null || !before) return lean;
    const turned = lean - leanOfLine(before);
    const bend = vertical - leanOfLine(before);
    return turned && Math.abs(bend) > MOST_BEND_DEG ? lean : vertical + turned;
  }

  move(id, to, sdPx) {
    const x = clamp(to.x, 0, this.width);
    const y = clamp(to.y, 0, this.height);
    if (!finite({ x, y })) return;
    if (isEnd(id)) {
      const [kind, end] = ENDS[id];
      this.change({ [kind]: { ...this.now[kind], [`x${end}`]: x, [`y${end}`]: y, set: true } });
    } else {
      this.put(id, { x, y, source: "placed", sd_px: Math.max(sdPx, LEAST_SD_PX) });
    }
  }

  // Say that a point sits right where it is. A sticker stays one.
  confirm(id, sdPx) {
    if (isEnd(id)) return this.move(id, this.at(id), sdPx);
    if (id in this.now.points) return undefined;
    const { x, y } = this.at(id);
    return this.put(id, { x, y, source: "placed", sd_px: Math.max(sdPx, LEAST_SD_PX) });
  }

  put(name, mark) {
    this.change({ points: { ...this.now.points, [name]: mark } });
  }

  reset(id) {
    if (isEnd(id)) {
      this.change({ [ENDS[id][0]]: null });
      return;
    }
    const { [id]: _, ...points } = this.now.points;
    const wasPlaced = id in this.now.points;
    const added = this.now.added.filter((name) => name !== id || wasPlaced);
    this.change({ points, added });
  }

  resetAll() {
    this.now = { points: {}, line: null, scale: null, added: [] };
  }

  add(name) {
    this.change({ added: [...this.now.added, name] });
  }

  drawLine() {
    const x = this.width * 0.12;
    const half = this.height * 0.25;
    const lean = Math.tan(this.lean() / DEGREES) * half;
    const y = this.height / 2;
    const ends = { x1: x + lean, y1: y - half, x2: x - lean, y2: y + half };
    this.change({ line: { ...ends, along: "vertical", set: false } });
  }

  // Say what the line runs along. Only one that nobody has put in place is turned to it, about its
  // middle: in a photo that lies on its side, a true horizontal looks upright.
  turnLine(direction) {
    const { line } = this.now;
    if (!line || line.along === direction) return;
    if (line.set) {
      this.change({ line: { ...line, along: direction } });
      return;
    }
    const middle = { x: (line.x1 + line.x2) / 2, y: (line.y1 + line.y2) / 2 };
    const half = { x: (line.x2 - line.x1) / 2, y: (line.y2 - line.y1) / 2 };
    const reach = Math.min(1, (this.width * 0.4) / Math.max(Math.abs(half.y), 1));
    const x = direction === "horizontal" ? -half.y * reach : half.y;
    const y = direction === "horizontal" ? half.x * reach : -half.x;
    const shift = clamp(middle.x, Math.abs(x), this.width - Math.abs(x));
    this.change({
      line: {
        x1: clamp(shift + x, 0, this.width), y1: clamp(middle.y + y, 0, this.height),
        x2: clamp(shift - x, 0, this.width), y2: clamp(middle.y - y, 0, this.height),
        along: direction, set: false,
      },
    });
  }

  drawScale() {
    const y = this.height * 0.8;
    const half = this.width * 0.2;
    const x = this.width / 2;
    this.change({ scale: { x1: x - half, y1: y, x2: x + half, y2: y, cm: null, set: false } });
  }

  setCm(cm) {
    if (this.now.scale) this.change({ scale: { ...this.now.scale, cm } });
  }

  change(part) {
    this.now = { ...this.now, ...part };
  }

  // What Python is told.
  payload() {
    const { points, line, scale } = this.now;
    const ends = ({ x1, y1, x2, y2 }) => ({ x1, y1, x2, y2 });
    return {
      photo: this.photo,
      revision: this.revision,
      points,
      line: this.counts("line") ? { ...ends(line), along: line.along } : null,
      distance: this.counts("scale") && scale.cm > 0 ? { ...ends(scale), cm: scale.cm } : null,
    };
  }
}
