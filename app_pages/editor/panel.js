// The panel of the chosen point or line: where it is, what moves it, and how it is found.

class Panel {
  constructor(editor) {
    this.editor = editor;
    this.node = html("section", { class: "panel", "aria-label": said("chosen_point") });
    this.step = STEP_PX;
    this.shown = null;
  }

  // Made anew only if another handle is chosen or its state changes, so that no focus is lost.
  draw() {
    const { chosen, model } = this.editor;
    const drawn = isEnd(chosen) ? model.now[ENDS[chosen][0]] : null;
    const shown = JSON.stringify([
      chosen, model.kind(chosen), chosen in model.now.points, drawn?.along,
      drawn && endName(model, chosen), model.facing, model.now.added,
    ]);
    if (shown !== this.shown) {
      this.shown = shown;
      const focused = this.node.getRootNode().activeElement?.dataset?.act;
      this.node.replaceChildren(...(drawn ? this.ofTool(chosen) : this.ofPoint(chosen)));
      if (focused) this.node.querySelector(`[data-act="${focused}"]:not(:disabled)`)?.focus();
    }
    this.showCm();
    const place = model.at(chosen);
    this.state.textContent = stateOf(model, chosen);
    this.whereabouts.textContent = `${Math.round(place.x)}, ${Math.round(place.y)} px`;
  }

  heading(title) {
    this.state = html("span", { class: "state" });
    this.whereabouts = html("span", { class: "where" });
    return html("div", { class: "heading" }, html("strong", {}, title), this.state, this.whereabouts);
  }

  ofPoint(id) {
    const { editor } = this;
    const { model } = editor;
    const words = model.words[id];
    const reset = this.act("reset", button("reset", said("reset_point"), () => editor.reset(id)));
    reset.disabled = !(id in model.now.points) && !model.now.added.includes(id);
    const body = figure(editor.body, id, words.view, model.facing);
    return [
      this.heading(words.spoken),
      this.moving(id, reset),
      html("div", { class: "guide" }, body, html("p", {}, words.how)),
    ];
  }

  ofTool(id) {
    const { editor } = this;
    const [kind, end] = ENDS[id];
    const swap = () => editor.choose(`${kind}.${3 - end}`, { reveal: true });
    return [
      this.heading(titleOf(editor.model, id)),
      kind === "line" ? this.directions() : this.centimetres(),
      this.moving(
        id,
        this.act("swap", button("swap", said("other_end"), swap)),
        this.act("remove", button("clear", said("remove"), () => editor.reset(id))),
      ),
      html("p", {}, said(kind === "line" ? "line_help" : "scale_help")),
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
      const node = html("button", { type: "button", class: "tool" }, said(`along_${direction}`));
      set(node, { "aria-pressed": String(editor.model.now.line.along === direction) });
      node.addEventListener("click", () => editor.turnLine(direction));
      return this.act(direction, node);
    });
    const name = said("along");
    return html("div", { class: "set", role: "group", "aria-label": name }, ...choices);
  }

  centimetres() {
    const limits = { min: CM_RANGE[0], max: CM_RANGE[1], step: 0.1 };
    const field = html("input", { type: "number", inputmode: "decimal", ...limits });
    const wrong = html("span", { class: "wrong", hidden: true }, said("cm_wanted"));
    this.cm = this.act("cm", field);
    field.addEventListener("change", () => {
      const good = field.valueAsNumber >= CM_RANGE[0] && field.valueAsNumber <= CM_RANGE[1];
      wrong.hidden = good || (!field.value && !field.validity.badInput);
      set(field, { "aria-invalid": wrong.hidden ? null : "true" });
      const missing = said(wrong.hidden ? "scale_not_counted" : "cm_wanted");
      this.editor.setCm(good ? field.valueAsNumber : null, missing);
    });
    return html("label", { class: "field" }, said("distance"), field, wrong);
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
      set(step, { "aria-label": said(this.step === STEP_PX ? "step_short" : "step_long") });
    };
    step.addEventListener("click", () => {
      this.step = this.step === STEP_PX ? LONG_STEP_PX : STEP_PX;
      show();
    });
    show();
    return html(
      "div",
      { class: "nudger", role: "group", "aria-label": said("move") },
      direction("up", [0, -1], said("move_up")),
      direction("left", [-1, 0], said("move_left")),
      this.act("step", step),
      direction("right", [1, 0], said("move_right")),
      direction("down", [0, 1], said("move_down")),
    );
  }
}
