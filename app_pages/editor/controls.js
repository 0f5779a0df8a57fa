// Everything around the photo: the tools above it, the list of points and the panel of the chosen one.

const STATES = {
  placed: "placed",
  sticker: "sticker",
  estimated: "the program's guess, not confirmed",
  detected: "found by the program",
  unplaced: "not placed yet",
};

const CM_RANGE = [1, 300];
const CM_WANTED = `Give a distance from ${CM_RANGE[0]} to ${CM_RANGE[1]} cm.`;
const LINE_WORDS =
  "Draw it along something in the room that is truly vertical or horizontal, such as a door frame: " +
  "the longer, the better. The photo's tilt is then corrected by it.";
const SCALE_WORDS =
  "Put both ends on two places whose distance you know, as far from the camera as the person is.";
const HINT =
  "Drag each point onto its bone, or confirm it where it sits right. " +
  "Zoom with two fingers, two taps or the buttons.";

class Controls {
  constructor(editor, root) {
    this.editor = editor;
    this.tools = this.makeTools();
    this.hint = html("p", { class: "hint" }, HINT);
    this.reading = html("p", { class: "reading" });
    this.chips = html("div", { class: "chips", role: "group", "aria-label": "Points" });
    this.legend = html("p", { class: "legend" });
    this.panel = html("section", { class: "panel", "aria-label": "Chosen point" });
    this.live = html("div", { class: "unseen", "aria-live": "polite", role: "status" });
    root.append(this.live);
    this.step = 1;
    this.chipOf = new Map();
    this.shownPanel = null;
  }

  makeTools() {
    const { editor } = this;
    const wordless = { wordless: true };
    this.undo = button("undo", "Undo", () => editor.undo(), wordless);
    this.redo = button("redo", "Redo", () => editor.redo(), wordless);
    this.line = button("plumb", "Plumb line", () => editor.useTool("line"));
    this.scale = button("scale", "Scale", () => editor.useTool("scale"));
    this.clear = button("clear", "Reset all", () => editor.resetAll());
    return html(
      "div",
      { class: "tools", role: "toolbar", "aria-label": "Editor" },
      html("div", { class: "set" }, this.undo, this.redo),
      html(
        "div",
        { class: "set" },
        button("out", "Zoom out", () => editor.zoom(1 / 1.5), wordless),
        button("fit", "Fit the photo", () => editor.fit(), wordless),
        button("in", "Zoom in", () => editor.zoom(1.5), wordless),
      ),
      html("div", { class: "set" }, this.line, this.scale, this.clear),
    );
  }

  draw() {
    const { model } = this.editor;
    this.undo.disabled = !model.past.length;
    this.redo.disabled = !model.future.length;
    set(this.line, { "aria-pressed": String(Boolean(model.now.line)) });
    set(this.scale, { "aria-pressed": String(Boolean(model.now.scale)) });
    const { points, line, scale, added } = model.now;
    this.clear.disabled = !Object.keys(points).length && !line && !scale && !added.length;
    this.reading.textContent = this.editor.reading();
    this.drawChips();
    this.drawLegend();
    this.drawPanel();
  }

  say(words) {
    this.live.textContent = words;
  }

  drawChips() {
    const { model, chosen } = this.editor;
    const ids = model.handles().filter((id) => !id.endsWith(".2"));
    const chips = ids.map((id) => this.chip(id, chosen));
    const missing = model.missing();
    const wanted = [...chips, ...(missing.length ? [this.adder(missing)] : [])];
    const { children } = this.chips;
    const same = wanted.length === children.length && wanted.every((node, i) => node === children[i]);
    if (!same) this.chips.replaceChildren(...wanted);
    this.showChosenChip();
  }

  // Only when another one was chosen: the row is scrolled by hand too.
  showChosenChip() {
    const { chosen } = this.editor;
    const node = this.chipOf.get(isEnd(chosen) ? chosen.replace(".2", ".1") : chosen);
    if (chosen === this.shownChip || !node) return;
    this.shownChip = chosen;
    const { offsetLeft, offsetWidth } = node;
    const row = this.chips;
    if (offsetLeft < row.scrollLeft || offsetLeft + offsetWidth > row.scrollLeft + row.clientWidth) {
      row.scrollLeft = offsetLeft - (row.clientWidth - offsetWidth) / 2;
    }
  }

  // What the marks mean, those that are there.
  drawLegend() {
    const { model } = this.editor;
    const there = model.handles().map((id) => model.kind(id));
    const kinds = Object.keys(STATES).filter((kind) => there.includes(kind));
    if (String(kinds) === this.legend.dataset.kinds) return;
    this.legend.dataset.kinds = String(kinds);
    this.legend.replaceChildren(...kinds.map((kind) => html("span", {}, mark(kind), STATES[kind])));
  }

  chip(id, chosen) {
    const { editor } = this;
    let node = this.chipOf.get(id);
    if (!node) {
      node = html("button", { type: "button", class: "chip" });
      node.addEventListener("click", () => editor.choose(id, { reveal: true }));
      this.chipOf.set(id, node);
    }
    const kind = editor.model.kind(id);
    if (node.dataset.kind !== kind) {
      node.dataset.kind = kind;
      node.replaceChildren(mark(kind), html("span", {}, editor.label(id)));
      set(node, { "aria-label": `${editor.label(id)}, ${STATES[kind]}` });
    }
    const pressed = id === chosen || (isEnd(id) && isEnd(chosen) && ENDS[id][0] === ENDS[chosen][0]);
    set(node, { "aria-pressed": String(pressed) });
    return node;
  }

  // A list of the points that are not shown yet.
  adder(missing) {
    if (this.adding?.dataset.names === String(missing)) return this.adding;
    const { editor } = this;
    const options = missing.map((name) => {
      const option = html("option", { value: name });
      option.textContent = editor.model.words[name].spoken;
      return option;
    });
    const first = html("option", { value: "" }, "Add a point…");
    const list = html("select", { class: "chip", "aria-label": "Add a point" }, first, ...options);
    list.dataset.names = String(missing);
    list.addEventListener("change", () => list.value && editor.add(list.value));
    this.adding = list;
    return list;
  }

  // Made anew only if another handle is chosen or its state changes, so that no focus is lost.
  drawPanel() {
    const { editor } = this;
    const { chosen, model } = editor;
    const drawn = isEnd(chosen) ? model.now[ENDS[chosen][0]] : null;
    const state = JSON.stringify([
      chosen, model.kind(chosen), chosen in model.now.points, editor.nextOpen(chosen),
      drawn?.along, drawn && editor.endName(chosen), model.facing, model.now.added,
    ]);
    if (state !== this.shownPanel) {
      this.shownPanel = state;
      const focused = this.panel.getRootNode().activeElement?.dataset?.act;
      this.panel.replaceChildren(...(isEnd(chosen) ? this.toolPanel(chosen) : this.pointPanel(chosen)));
      if (focused) this.panel.querySelector(`[data-act="${focused}"]:not(:disabled)`)?.focus();
    }
    this.showCm();
    const place = model.at(chosen);
    this.whereabouts.textContent = `${Math.round(place.x)}, ${Math.round(place.y)} px`;
  }

  heading(title, state) {
    this.whereabouts = html("span", { class: "where" });
    return html(
      "div",
      { class: "heading" },
      html("strong", {}, title),
      html("span", { class: "state" }, state),
      this.whereabouts,
    );
  }

  pointPanel(id) {
    const { editor } = this;
    const { model } = editor;
    const words = model.words[id];
    const kind = model.kind(id);
    const reset = this.act("reset", button("reset", "Reset point", () => editor.reset(id)));
    reset.disabled = !(id in model.now.points) && !model.now.added.includes(id);
    const body = figure(editor.body, id, words.view, model.facing);
    return [
      this.heading(words.spoken, STATES[kind]),
      this.moving(id, this.forward(id), reset),
      html("div", { class: "guide" }, body, html("p", {}, words.how)),
    ];
  }

  // Confirm; then on to the next point that waits for it.
  forward(id) {
    const { editor } = this;
    const next = editor.nextOpen(id);
    const done = id in editor.model.now.points;
    const node = done && next
      ? button("right", `Next: ${editor.label(next)}`, () => editor.choose(next, { reveal: true }))
      : button("check", "Confirm", () => editor.confirm(id));
    node.disabled = done && !next;
    node.classList.toggle("primary", !node.disabled);
    return this.act("confirm", node);
  }

  toolPanel(id) {
    const { editor } = this;
    const [kind, end] = ENDS[id];
    const { set: placed } = editor.model.now[kind];
    const other = `${kind}.${3 - end}`;
    const confirm = this.act("confirm", button("check", "Confirm", () => editor.confirm(id)));
    confirm.classList.add("primary");
    const swap = () => editor.choose(other, { reveal: true });
    const actions = [
      ...(placed ? [] : [confirm]),
      this.act("swap", button("swap", "Other end", swap)),
      this.act("remove", button("clear", "Remove", () => editor.reset(id))),
    ];
    const name = `${editor.label(id)}, ${editor.endName(id)}`;
    return [
      this.heading(name, placed ? STATES.placed : "not placed yet: drag its ends"),
      kind === "line" ? this.directions() : this.centimetres(),
      this.moving(id, ...actions),
      html("p", {}, kind === "line" ? LINE_WORDS : SCALE_WORDS),
    ];
  }

  moving(id, ...actions) {
    const beside = html("div", { class: "set column" }, ...actions);
    return html("div", { class: "moving" }, this.nudger(id), beside);
  }

  act(name, node) {
    node.dataset.act = name;
    return node;
  }

  directions() {
    const { editor } = this;
    const choices = ["vertical", "horizontal"].map((direction) => {
      const node = html("button", { type: "button", class: "tool" }, `Along a ${direction}`);
      set(node, { "aria-pressed": String(editor.model.now.line.along === direction) });
      node.addEventListener("click", () => editor.turnLine(direction));
      return this.act(direction, node);
    });
    const name = "What the line runs along";
    return html("div", { class: "set", role: "group", "aria-label": name }, ...choices);
  }

  centimetres() {
    const limits = { min: CM_RANGE[0], max: CM_RANGE[1], step: 0.1 };
    const field = html("input", { type: "number", inputmode: "decimal", ...limits });
    const wrong = html("span", { class: "wrong", hidden: true }, CM_WANTED);
    this.cm = this.act("cm", field);
    field.addEventListener("change", () => {
      const good = field.valueAsNumber >= CM_RANGE[0] && field.valueAsNumber <= CM_RANGE[1];
      wrong.hidden = good || (!field.value && !field.validity.badInput);
      set(field, { "aria-invalid": wrong.hidden ? null : "true" });
      this.editor.setCm(good ? field.valueAsNumber : null);
    });
    return html("label", { class: "field" }, "Distance in cm", field, wrong);
  }

  // The number as it is now, for example after an undo; but not over what is being typed.
  showCm() {
    const { scale } = this.editor.model.now;
    if (!this.cm || !scale) return;
    const busy = this.cm.getRootNode().activeElement === this.cm;
    if (!busy && !this.cm.hasAttribute("aria-invalid")) this.cm.value = scale.cm ?? "";
  }

  // Four buttons that move the chosen point, for whom dragging is hard.
  nudger(id) {
    const { editor } = this;
    const direction = (name, way, words) => {
      const node = button(name, words, () => editor.nudge(id, way, this.step), { wordless: true });
      node.classList.add(name);
      return this.act(name, node);
    };
    const step = html("button", { type: "button", class: "tool step" });
    const show = () => {
      step.textContent = `${this.step} px`;
      set(step, { "aria-label": `Step: ${this.step} pixel${this.step === 1 ? "" : "s"}. Change` });
    };
    step.addEventListener("click", () => {
      this.step = this.step === STEP_PX ? LONG_STEP_PX : STEP_PX;
      show();
    });
    show();
    return html(
      "div",
      { class: "nudger", role: "group", "aria-label": "Move the chosen point" },
      direction("up", [0, -1], "Move up"),
      direction("left", [-1, 0], "Move left"),
      this.act("step", step),
      direction("right", [1, 0], "Move right"),
      direction("down", [0, 1], "Move down"),
    );
  }
}
