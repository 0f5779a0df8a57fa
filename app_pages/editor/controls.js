// What stands around the photo: the tools above it, the next step below it, the list of points.

class Controls {
  constructor(editor, root) {
    this.editor = editor;
    this.tools = this.makeTools();
    this.hint = html("p", { class: "hint" }, said("hint"));
    this.reading = html("p", { class: "reading" });
    this.notes = html("div", { class: "notes" });
    this.chips = html("div", { class: "chips", role: "group", "aria-label": said("points") });
    const another = said("another_point");
    this.adder = html("div", { class: "adder", role: "group", "aria-label": another });
    this.legend = html("p", { class: "legend" });
    this.steps = this.makeSteps();
    this.panel = new Panel(editor);
    this.live = html("div", { class: "unseen", "aria-live": "polite", role: "status" });
    root.append(this.live);
    this.chipOf = new Map();
  }

  makeTools() {
    const { editor } = this;
    const wordless = { wordless: true };
    this.undo = button("undo", said("undo"), () => editor.undo(), wordless);
    this.redo = button("redo", said("redo"), () => editor.redo(), wordless);
    this.line = button("plumb", said("plumb_line"), () => editor.useTool("line"));
    this.scale = button("scale", said("scale"), () => editor.useTool("scale"));
    this.clear = button("clear", said("reset_all"), () => editor.resetAll());
    return html(
      "div",
      { class: "tools", role: "toolbar", "aria-label": said("editor") },
      html("div", { class: "set" }, this.undo, this.redo),
      html(
        "div",
        { class: "set" },
        button("minus", said("zoom_out"), () => editor.zoom(1 / 1.5), wordless),
        button("fit", said("fit"), () => editor.fit(), wordless),
        button("plus", said("zoom_in"), () => editor.zoom(1.5), wordless),
      ),
      html("div", { class: "set" }, this.line, this.scale, this.clear),
    );
  }

  // Confirm the chosen point or go on to the next one; or be done, at any time.
  makeSteps() {
    const { editor } = this;
    this.forward = html("button", { type: "button", class: "tool" });
    this.forward.addEventListener("click", () => this.goForward());
    this.done = html("button", { type: "button", class: "tool" }, said("done"));
    this.done.addEventListener("click", () => editor.done());
    return html("div", { class: "steps" }, this.forward, this.done);
  }

  draw() {
    const { model } = this.editor;
    this.undo.disabled = !model.past.length;
    this.redo.disabled = !model.future.length;
    set(this.line, { "aria-pressed": String(Boolean(model.now.line)) });
    set(this.scale, { "aria-pressed": String(Boolean(model.now.scale)) });
    const { points, line, scale, added } = model.now;
    this.clear.disabled = !Object.keys(points).length && !line && !scale && !added.length;
    const angles = sayAngles(model);
    this.reading.textContent = angles && `${angles} ${said("measured_later")}`;
    this.drawNotes();
    this.drawSteps();
    this.drawChips();
    this.drawAdder();
    this.drawLegend();
    this.panel.draw();
  }

  say(words) {
    this.live.textContent = words;
  }

  // Besides what was just said.
  sayToo(words) {
    this.say(`${this.live.textContent} ${words}`);
  }

  // What was noticed when the result was measured; told when it is new, not at every new number.
  drawNotes() {
    const { notes } = this.editor.model;
    const shown = [...this.notes.children].map((note) => note.textContent);
    if (JSON.stringify(notes) === JSON.stringify(shown)) return;
    const bare = (note) => note.replace(/[\d.,]+/g, "");
    const old = shown.map(bare);
    const fresh = notes.filter((note) => !old.includes(bare(note)));
    this.notes.replaceChildren(...notes.map((note) => html("p", {}, note)));
    if (fresh.length) this.sayToo(fresh.join(" "));
  }

  drawSteps() {
    const { chosen, model } = this.editor;
    const next = this.editor.nextOpen(chosen);
    const confirmed = ["placed", "sticker"].includes(model.kind(chosen));
    const wanted = PELVIS.filter((name) => model.shown().includes(name));
    const waits = [chosen, ...wanted].some((id) => model.isOpen(id));
    const words = confirmed && next ? said("next", { name: labelOf(model, next) }) : said("confirm");
    this.goForward = () =>
      confirmed ? this.editor.choose(next, { reveal: true }) : this.editor.confirm(chosen);
    if (this.forward.textContent !== words) {
      this.forward.replaceChildren(icon(confirmed ? "right" : "check"), html("span", {}, words));
    }
    const left = confirmed && !next;
    if (left && this.forward.getRootNode().activeElement === this.forward) this.done.focus();
    this.forward.hidden = left;
    this.forward.classList.toggle("primary", waits);
    this.done.classList.toggle("primary", !waits);
  }

  drawChips() {
    const { model, chosen } = this.editor;
    const ids = model.handles().filter((id) => !id.endsWith(".2"));
    const wanted = ids.map((id) => this.chip(id, chosen));
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
    const kinds = STATES.filter((kind) => there.includes(kind));
    if (String(kinds) === this.legend.dataset.kinds) return;
    this.legend.dataset.kinds = String(kinds);
    this.legend.replaceChildren(...kinds.map((kind) => html("span", {}, mark(kind), said(kind))));
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
      node.replaceChildren(mark(kind), html("span", {}, labelOf(editor.model, id)));
      set(node, { "aria-label": `${labelOf(editor.model, id)}, ${said(kind)}` });
    }
    const pressed = id === chosen || (isEnd(id) && isEnd(chosen) && ENDS[id][0] === ENDS[chosen][0]);
    set(node, { "aria-pressed": String(pressed) });
    return node;
  }

  // The points that are not shown yet, and a button: a list alone would add one at an arrow key.
  drawAdder() {
    const { editor } = this;
    const missing = editor.model.missing();
    if (String(missing) === this.adder.dataset.names) return;
    this.adder.dataset.names = String(missing);
    this.adder.hidden = !missing.length;
    const options = missing.map((name) =>
      html("option", { value: name }, editor.model.words[name].spoken),
    );
    const list = html("select", { "aria-label": said("point_to_add") }, ...options);
    const add = button("plus", said("add"), () => editor.add(list.value));
    this.adder.replaceChildren(...(missing.length ? [list, add] : []));
  }
}
