// Ties the parts together, and speaks with Python: one editor for each place on the page.

const KEYS_REST_MS = 250;
const ARRIVES_MS = 1500;
const SMALL_PX = 640; // a photo shown lower than this has smaller marks

class Editor {
  constructor(root, component) {
    this.host = root;
    this.body = root.querySelector("template").content;
    this.component = component;
    this.model = new Model(component.data);
    this.view = new View();
    this.handles = new Map();
    this.stage = html("div", { class: "stage" });
    const name = "Photo with points: arrow keys move the chosen one";
    this.points = html("div", { class: "points", role: "application", "aria-label": name });
    this.grips = html("div", { class: "points" });
    this.drawing = new Drawing(this.stage);
    this.stage.append(this.grips, this.points);
    this.loupe = new Loupe(this.stage);
    this.chosen = this.firstChoice();
    this.gestures = new Gestures(this);
    this.controls = new Controls(this, root);
    const { tools, reading, chips, legend, panel, hint } = this.controls;
    const seen = html("div", { class: "seen" }, this.stage, reading);
    const side = html("div", { class: "side" }, chips, legend, panel);
    root.append(html("div", { class: "body" }, hint, tools, seen, side));
    this.points.addEventListener("keydown", (event) => this.keyDown(event));
    this.points.addEventListener("keyup", () => this.keyUp());
    this.points.addEventListener("focusout", () => this.flush());
    root.addEventListener("keydown", (event) => this.keyAnywhere(event));
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.stage);
  }

  // The button that opened the editor is gone: the keyboard goes on here, and the photo is seen. What
  // stood on the page before goes only when all is there, so the place is held until then.
  enter() {
    const end = performance.now() + ARRIVES_MS;
    const used = new AbortController();
    for (const type of ["pointerdown", "wheel", "keydown"]) {
      const options = { capture: true, passive: true, signal: used.signal };
      window.addEventListener(type, () => used.abort(), options);
    }
    const hold = () => {
      if (used.signal.aborted) return;
      this.stage.scrollIntoView({ block: "end" });
      if (performance.now() < end) requestAnimationFrame(hold);
      else used.abort();
    };
    requestAnimationFrame(() => {
      this.focus(this.chosen);
      hold();
    });
  }

  // What was measured is shown at the top of the page, far above the button that ends this.
  end(page) {
    this.watcher.disconnect();
    page?.scrollTo(0, 0);
  }

  // Called at every run of the script: nothing that is being done in the browser is lost by it.
  update(component) {
    this.component = component;
    const { data } = component;
    if (data.photo !== this.model.photo) {
      this.gestures.letGo();
      this.model = new Model(data);
      this.view.fitted = true;
      this.chosen = this.firstChoice();
      this.loupe.hide();
    } else {
      this.model.take(data);
      if (!this.model.handles().includes(this.chosen)) this.chosen = this.firstChoice();
    }
    this.showPicture(data);
    this.host.style.setProperty("--aspect", data.width / data.height);
    this.resize();
  }

  showPicture({ picture }) {
    if (picture === this.picture) return;
    this.picture = picture;
    this.drawing.show(picture);
    this.loupe.load(picture);
  }

  firstChoice() {
    const shown = this.model.shown();
    const open = (name) => ["estimated", "unplaced"].includes(this.model.kind(name));
    const pelvis = ["asis", "psis"].filter((name) => shown.includes(name));
    return [...pelvis, ...shown].find(open) ?? shown[0];
  }

  // The next point after one, from head to foot and around, that nobody has placed or confirmed.
  nextOpen(id) {
    const shown = this.model.shown();
    const from = shown.indexOf(id) + 1;
    const open = (name) => name !== id && ["estimated", "unplaced"].includes(this.model.kind(name));
    return [...shown.slice(from), ...shown.slice(0, from)].find(open) ?? null;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    this.view.resize({ width, height }, { width: this.model.width, height: this.model.height });
    this.refresh();
  }

  // Draw once a frame at most.
  refresh() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.drawing.draw(this.model, this.view, this.chosen);
      this.drawHandles();
      this.controls.draw();
      this.stage.classList.toggle("zoomed", !this.view.fitted);
      this.stage.classList.toggle("small", this.view.scale * this.model.height < SMALL_PX);
    });
  }

  drawHandles() {
    const ids = this.model.handles();
    for (const [id, node] of this.handles) {
      if (ids.includes(id)) continue;
      node.grip.remove();
      node.remove();
      this.handles.delete(id);
    }
    let previous = null;
    for (const id of ids) {
      const node = this.handle(id);
      const next = previous ? previous.nextSibling : this.points.firstChild;
      if (node !== next) this.points.insertBefore(node, next);
      previous = node;
    }
  }

  handle(id) {
    let node = this.handles.get(id);
    if (!node) {
      node = html("button", { type: "button", class: "handle", "data-point": id });
      set(node, { "aria-roledescription": "point" });
      // What a pointer meets lies below all handles: where they overlap, none takes another's place.
      node.grip = html("span", { class: "grip" });
      this.grips.append(node.grip);
      node.addEventListener("focus", () => this.choose(id, { reveal: true }));
      // A press that is no pointer's comes from a screen reader.
      node.addEventListener("click", (event) => event.detail === 0 && this.confirm(id));
      this.handles.set(id, node);
    }
    const kind = this.model.kind(id);
    if (node.dataset.kind !== kind) {
      node.dataset.kind = kind;
      node.replaceChildren(mark(kind));
    }
    const { x, y } = this.view.toScreen(this.model.at(id));
    for (const each of [node, node.grip]) each.style.transform = `translate(${x}px, ${y}px)`;
    set(node, { "aria-label": this.spoken(id), "aria-current": id === this.chosen ? "true" : null });
    return node;
  }

  label(id) {
    return isEnd(id) ? { line: "Plumb line", scale: "Scale" }[ENDS[id][0]] : this.model.words[id].label;
  }

  // Which end a handle is, by where it lies now.
  endName(id) {
    const [kind, end] = ENDS[id];
    const [here, there] = [this.model.at(id), this.model.at(`${kind}.${3 - end}`)];
    const upright = kind === "line" && this.model.now.line.along === "vertical";
    if (upright) return here.y < there.y || (here.y === there.y && end === 1) ? "upper end" : "lower end";
    return here.x < there.x || (here.x === there.x && end === 1) ? "left end" : "right end";
  }

  spoken(id) {
    const { x, y } = this.model.at(id);
    const name = isEnd(id) ? `${this.label(id)}, ${this.endName(id)}` : this.model.words[id].spoken;
    const place = `${Math.round(x)} by ${Math.round(y)}`;
    return `${name}, ${STATES[this.model.kind(id)]}, ${place}. Arrow keys move it, Enter confirms.`;
  }

  // The angles as drawn now, in words.
  reading() {
    const { model } = this;
    const parts = [];
    if (model.has("psis", "asis")) {
      const tilt = model.tilt();
      parts.push(`PSIS to ASIS ${Math.abs(tilt).toFixed(1)}° ${tilt < 0 ? "backward" : "forward"}`);
    }
    if (model.has("hip", "shoulder")) {
      const lean = forwardLeanDeg(model.at("hip"), model.at("shoulder"), model.lean(), model.facing);
      parts.push(`trunk ${Math.abs(lean).toFixed(1)}° ${lean < 0 ? "backward" : "forward"}`);
    }
    if (!parts.length) return "";
    return `In the drawing: ${parts.join(", ")}. Results are measured after each change.`;
  }

  told(id) {
    const { x, y } = this.model.at(id);
    const name = isEnd(id) ? `${this.label(id)}, ${this.endName(id)}` : this.label(id);
    return `${name} at ${Math.round(x)} by ${Math.round(y)}. ${this.reading().split(". ")[0]}`;
  }

  choose(id, { reveal = false } = {}) {
    if (this.chosen !== id) this.flush();
    this.chosen = id;
    if (reveal && !this.gestures?.drag) this.view.reveal(this.model.at(id));
    this.refresh();
  }

  focus(id) {
    this.handles.get(id)?.focus({ preventScroll: true });
  }

  hasFocus() {
    return this.points.contains(this.points.getRootNode().activeElement);
  }

  leave() {
    this.points.getRootNode().activeElement?.blur();
  }

  // One whole action: what it changes is one step of the history and is sent at once.
  act(change, words) {
    this.flush();
    this.model.begin();
    change();
    this.commit(typeof words === "function" ? words() : words);
  }

  commit(words) {
    if (this.model.commit()) this.send();
    this.controls.say(words);
    this.refresh();
  }

  send() {
    this.component.setStateValue("corrected", this.model.payload());
  }

  nudge(id, [dx, dy], step) {
    const { model } = this;
    model.begin();
    const { x, y } = model.at(id);
    model.move(id, { x: x + dx * step, y: y + dy * step }, this.view.sdPx());
    this.view.reveal(model.at(id));
    this.loupe.show(model.at(id), this.view);
    this.loupe.hideSoon();
    this.moving = id;
    this.rest();
    this.refresh();
  }

  // Several steps in a row are one move: it ends when the keys rest.
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.flush(), KEYS_REST_MS);
  }

  flush() {
    clearTimeout(this.resting);
    if (!this.moving) return;
    const id = this.moving;
    this.moving = null;
    this.commit(this.told(id));
  }

  confirm(id) {
    this.act(() => this.model.confirm(id, this.view.sdPx()), () => `Confirmed. ${this.told(id)}`);
  }

  reset(id) {
    const name = this.label(id);
    this.act(() => this.model.reset(id), `${name} reset.`);
    if (!this.model.handles().includes(this.chosen)) this.choose(this.firstChoice());
  }

  resetAll() {
    this.act(() => this.model.resetAll(), "All reset: every point is where the program had it.");
    this.choose(this.firstChoice());
  }

  undo() {
    this.travel(() => this.model.undo(), "Undone");
  }

  redo() {
    this.travel(() => this.model.redo(), "Redone");
  }

  travel(step, words) {
    if (this.gestures.drag?.moved) return undefined;
    this.flush();
    if (!step()) return this.controls.say(`Nothing to be ${words.toLowerCase()}.`);
    if (!this.model.handles().includes(this.chosen)) this.chosen = this.firstChoice();
    this.send();
    this.controls.say(`${words}. ${this.told(this.chosen)}`);
    return this.refresh();
  }

  add(name) {
    this.act(() => this.model.add(name), `${this.model.words[name].spoken}: added, not placed yet.`);
    this.choose(name, { reveal: true });
  }

  useTool(kind) {
    if (!this.model.now[kind]) {
      const draw = kind === "line" ? () => this.model.drawLine() : () => this.model.drawScale();
      this.act(draw, `${this.label(`${kind}.1`)} drawn: put its ends in place.`);
    }
    this.choose(`${kind}.1`, { reveal: true });
  }

  turnLine(direction) {
    this.act(() => this.model.turnLine(direction), `The line is taken for ${direction}.`);
  }

  setCm(cm) {
    this.act(() => this.model.setCm(cm), cm ? `Scale: ${cm} centimetres.` : CM_WANTED);
  }

  // About the chosen point if it is in sight, else about the middle.
  zoom(factor) {
    const { width, height } = this.view.stage;
    const at = this.view.toScreen(this.model.at(this.chosen));
    const seen = at.x >= 0 && at.x <= width && at.y >= 0 && at.y <= height;
    this.view.zoomAt(seen ? at : { x: width / 2, y: height / 2 }, factor);
    this.controls.say(`Zoom ${(this.view.scale / this.view.fitScale()).toFixed(1)} times.`);
    this.refresh();
  }

  fit() {
    this.view.fit();
    this.controls.say("The whole photo.");
    this.refresh();
  }

  keyDown(event) {
    const id = event.target.closest(".handle")?.dataset.point;
    const action = id && keyAction(this, id, event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(this.resting);
    action();
  }

  keyUp() {
    if (this.moving) this.rest();
  }

  // Streamlit takes letters for commands of its own, also those typed into a field.
  keyAnywhere(event) {
    const action = anywhereAction(this, event);
    if (action) {
      event.preventDefault();
      action();
    }
    if (action || event.target.matches("input, select")) event.stopPropagation();
  }
}

const editors = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".editor");
  let editor = editors.get(root);
  if (!editor) {
    editor = new Editor(root, component);
    editors.set(root, editor);
    editor.update(component);
    editor.enter();
  } else {
    editor.update(component);
  }
  const page = root.closest("main") ?? root.getRootNode().host?.closest("[data-testid=stMain]");
  return () => root.isConnected || editor.end(page);
}
