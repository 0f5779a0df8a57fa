// Draws the model over the photo: marks, names, ghosts, lines and the angle that follows a drag.

const SPINE = ["c7", "t12", "l1", "l3", "s1"];
const AT_THE_BACK = ["c7", "t12", "l1", "l3", "s1", "psis", "heel"];
const LABEL_HEIGHT = 17;
const LABEL_REACH = 20;
const LABEL_ROOM = 60;
const ANGLE_ROOM = 60;
const CROWDED_BELOW = 440;

// The drawing of a mark, 44 by 44 with its place in the middle: the form tells the kind.
const disc = (r, role) => svg("circle", { r, class: role });
const stroke = (d, role) => svg("path", { d, class: role });
const MARKS = {
  placed: () => [disc(8, "solid"), stroke("m-4 .5 2.800 3L4-3.500", "tick")],
  sticker: () => [stroke("M0-9 9 0 0 9-9 0z", "solid"), disc(2, "dot")],
  estimated: () => [disc(9, "hollow dashed"), disc(1.3, "dot")],
  detected: () => [disc(6, "hollow"), disc(1.3, "dot")],
  unplaced: () => [stroke("M-8-8H8V8H-8z", "hollow dashed"), stroke("M0-4V4M-4 0H4", "plus")],
};
const BADGE = { placed: " ✓", sticker: " ◆", estimated: " ?", detected: "", unplaced: " +" };

function mark(kind) {
  const shapes = MARKS[kind]();
  const halo = shapes.map((shape) => set(shape.cloneNode(), { class: "halo" }));
  const look = { viewBox: "-22 -22 44 44", class: `mark ${kind}`, "aria-hidden": "true" };
  return svg("svg", look, ...halo, ...shapes);
}

class Drawing {
  constructor(stage) {
    this.image = svg("image", { preserveAspectRatio: "none" });
    this.lines = svg("g", { class: "lines" });
    this.names = svg("g", { class: "names" });
    this.svg = svg("svg", { class: "over", "aria-hidden": "true" }, this.image, this.lines, this.names);
    stage.append(this.svg);
  }

  show(url) {
    set(this.image, { href: url });
  }

  draw(model, view, chosen) {
    set(this.image, {
      x: view.x, y: view.y,
      width: model.width * view.scale, height: model.height * view.scale,
    });
    const at = (id) => view.toScreen(model.at(id));
    const shown = model.shown();
    this.lines.replaceChildren(
      ...this.ghosts(model, view, shown),
      ...this.plumb(model, view, shown),
      ...this.trunk(at, shown),
      ...this.spine(at, shown),
      ...this.pelvis(model, at, shown),
      ...this.drawn(model, view),
    );
    this.names.replaceChildren(...this.labels(model, view, chosen));
  }

  line(a, b, role) {
    const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
    return [svg("line", { ...ends, class: "under" }), svg("line", { ...ends, class: role })];
  }

  path(d, role) {
    return [svg("path", { d, class: "under" }), svg("path", { d, class: role })];
  }

  text(words, { x, y }, anchor = "start", role = "name") {
    const node = svg("text", { x, y, class: role, "text-anchor": anchor });
    node.textContent = words;
    return node;
  }

  ghosts(model, view, shown) {
    return shown.flatMap((id) => {
      const ghost = model.ghost(id);
      if (!ghost) return [];
      const [from, to] = [view.toScreen(ghost), view.toScreen(model.at(id))];
      return [
        svg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: "leash" }),
        svg("circle", { cx: from.x, cy: from.y, r: 6, class: "ghost" }),
      ];
    });
  }

  // The true vertical through the ankle, or through the hip or the pelvis if no ankle is shown.
  plumb(model, view, shown) {
    const foot = ["ankle", "hip", "psis"].find((id) => shown.includes(id));
    if (!foot) return [];
    const { up } = axes(model.lean());
    const at = model.at(foot);
    const reach = model.height;
    const away = (by) => view.toScreen({ x: at.x + up.x * by, y: at.y + up.y * by });
    const [low, high] = [away(-reach), away(reach)];
    return this.line(low, high, "vertical").slice(1);
  }

  trunk(at, shown) {
    const there = ["hip", "shoulder"].every((id) => shown.includes(id));
    return there ? this.line(at("hip"), at("shoulder"), "trunk") : [];
  }

  spine(at, shown) {
    const points = SPINE.filter((id) => shown.includes(id)).map(at);
    return points.length > 1 ? this.path(smoothPath(points), "spine") : [];
  }

  // The line PSIS-ASIS, the true horizontal at the PSIS, and the angle between them.
  pelvis(model, at, shown) {
    if (!["psis", "asis"].every((id) => shown.includes(id))) return [];
    const [psis, asis] = [at("psis"), at("asis")];
    const angle = `${decimal(model.tilt().toFixed(1)).replace("-", "−")}°`;
    const { right } = axes(model.lean());
    const way = along(psis, asis, model.lean()).right < 0 ? -1 : 1;
    const reach = Math.max(distance(psis, asis), 40);
    const level = { x: psis.x + right.x * reach * way, y: psis.y + right.y * reach * way };
    // In front of the pelvis, away from the names at the back, if there is room.
    const ends = [psis.x, asis.x, level.x];
    const outmost = (side) => (side > 0 ? Math.max(...ends) : Math.min(...ends)) + side * 14;
    const fits = outmost(way) > ANGLE_ROOM && outmost(way) < this.svg.clientWidth - ANGLE_ROOM;
    const side = fits ? way : -way;
    const x = outmost(side);
    const words = { x, y: Math.min(asis.y, level.y) - 14 };
    const anchor = side > 0 ? "start" : "end";
    return [
      ...this.line(psis, level, "level").slice(1),
      ...this.line(psis, asis, "pelvis"),
      ...(model.has("psis", "asis") ? [this.text(angle, words, anchor, "angle")] : []),
    ];
  }

  // The plumb line and the scale.
  drawn(model, view) {
    return ["line", "scale"].flatMap((kind) => {
      const drawn = model.now[kind];
      if (!drawn) return [];
      const ends = [1, 2].map((end) => view.toScreen(model.at(`${kind}.${end}`)));
      const role = `${kind === "line" ? "plumb" : "scale"}${model.counts(kind) ? "" : " unset"}`;
      const middle = { x: (ends[0].x + ends[1].x) / 2 + 8, y: (ends[0].y + ends[1].y) / 2 - 8 };
      const length = drawn.cm ? `${decimal(drawn.cm)} cm` : "? cm";
      const words = kind === "line" ? said(drawn.along) : length;
      return [...this.line(...ends, role), this.text(words, middle)];
    });
  }

  // Names beside their points, those of the back on its side; pushed apart where they would cover
  // each other, and then tied to their point. On a small stage only the chosen one has its name.
  labels(model, view, chosen) {
    const crowded = view.stage.width < CROWDED_BELOW && view.scale < view.fitScale() * 1.8;
    const ids = crowded ? model.shown().filter((id) => id === chosen) : model.shown();
    const backwards = model.facing === "left" ? 1 : -1;
    const placed = ids.map((id) => {
      const at = view.toScreen(model.at(id));
      const side = AT_THE_BACK.includes(id) ? backwards : -backwards;
      const end = at.x + side * (LABEL_REACH + LABEL_ROOM);
      const fits = end > 0 && end < view.stage.width;
      return { id, at, side: fits ? side : -side, y: at.y };
    });
    for (const side of [-1, 1]) spread(placed.filter((label) => label.side === side));
    return placed.flatMap(({ id, at, side, y }) => {
      const to = { x: at.x + side * LABEL_REACH, y };
      const words = model.words[id].label + BADGE[model.kind(id)];
      const text = this.text(words, { x: to.x + side * 3, y: y + 4.500 }, side > 0 ? "start" : "end");
      set(text, { class: id === chosen ? "name chosen" : "name" });
      const tie = svg("line", { x1: at.x + side * 11, y1: at.y, x2: to.x, y2: y, class: "tie" });
      return Math.abs(y - at.y) > 3 ? [tie, text] : [text];
    });
  }
}

// Push labels of one side down until none covers another, and half of the way back up.
function spread(labels) {
  labels.sort((a, b) => a.y - b.y);
  for (let start = 0; start < labels.length; ) {
    let end = start + 1;
    while (end < labels.length && labels[end].y < labels[end - 1].y + LABEL_HEIGHT) {
      labels[end].y = labels[end - 1].y + LABEL_HEIGHT;
      end += 1;
    }
    const group = labels.slice(start, end);
    const over = group.reduce((sum, label) => sum + label.y - label.at.y, 0) / group.length;
    for (const label of group) label.y -= over;
    start = end;
  }
}
