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
    this.stage = html("div", { class: "stage" });
    this.drawing = new Drawing(this.stage);
    this.handles = new Handles(this);
    this.loupe = new Loupe(this.stage);
    this.chosen = this.firstChoice();
    this.gestures = new Gestures(this);
    this.controls = new Controls(this, root);
    const { tools, steps, reading, notes, chips, adder, legend, panel, hint } = this.controls;
    const seen = html("div", { class: "seen" }, this.stage, steps, reading, notes);
    const side = html("div", { class: "side" }, chips, adder, legend, panel.node);
    root.append(html("div", { class: "body" }, hint, tools, seen, side));
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
      this.controls.steps.scrollIntoView({ block: "end" });
      if (performance.now() < end) requestAnimationFrame(hold);
      else used.abort();
    };
    requestAnimationFrame(() => {
      this.handles.focus(this.chosen);
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
    const first = PELVIS.filter((name) => shown.includes(name));
    return [...first, ...shown].find((name) => this.model.isOpen(name)) ?? shown[0];
  }

  // The next point that nobody has placed or confirmed: the other one of the pelvis, which its tilt
  // needs, or else the next from head to foot and around.
  nextOpen(id) {
    const shown = this.model.shown();
    const from = shown.indexOf(id) + 1;
    const open = (name) => name !== id && this.model.isOpen(name);
    const other = PELVIS.includes(id) ? PELVIS.filter((name) => shown.includes(name)) : [];
    return [...other, ...shown.slice(from), ...shown.slice(0, from)].find(open) ?? null;
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
      this.keepingFocus(() => {
        this.handles.draw();
        this.controls.draw();
      });
      this.stage.classList.toggle("zoomed", !this.view.fitted);
      this.stage.classList.toggle("small", this.view.scale * this.model.height < SMALL_PX);
    });
  }

  // What had the keyboard may be gone or switched off afterwards: it goes on at the chosen point.
  keepingFocus(draw) {
    const root = this.stage.getRootNode();
    const before = root.activeElement;
    draw();
    if (!before || (root.activeElement && !root.activeElement.disabled)) return;
    this.handles.focus(this.chosen);
    this.controls.sayToo(said("now_at", { name: labelOf(this.model, this.chosen) }));
  }

  choose(id, { reveal = false } = {}) {
    if (this.chosen !== id) this.flush();
    this.chosen = id;
    if (reveal && !this.gestures?.drag) this.view.reveal(this.model.at(id));
    this.refresh();
  }

  leave() {
    this.stage.getRootNode().activeElement?.blur();
  }

  done() {
    this.flush();
    this.component.setTriggerValue("done", true);
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
    this.commit(sayLeft(this.model, id));
  }

  confirm(id) {
    const words = () => `${said("confirmed")} ${sayLeft(this.model, id)}`;
    this.act(() => this.model.confirm(id, this.view.sdPx()), words);
  }

  reset(id) {
    this.act(() => this.model.reset(id), said("was_reset", { name: labelOf(this.model, id) }));
    if (!this.model.handles().includes(this.chosen)) this.choose(this.firstChoice());
  }

  resetAll() {
    this.act(() => this.model.resetAll(), said("all_reset"));
    this.choose(this.firstChoice());
  }

  undo() {
    this.travel(() => this.model.undo(), "undone");
  }

  redo() {
    this.travel(() => this.model.redo(), "redone");
  }

  travel(step, done) {
    if (this.gestures.drag?.moved) return undefined;
    this.flush();
    if (!step()) return this.controls.say(said(`nothing_${done}`));
    if (!this.model.handles().includes(this.chosen)) this.chosen = this.firstChoice();
    this.send();
    this.controls.say(`${said(done)} ${sayLeft(this.model, this.chosen)}`);
    return this.refresh();
  }

  add(name) {
    const words = said("added", { name: this.model.words[name].spoken });
    this.act(() => this.model.add(name), words);
    this.choose(name, { reveal: true });
  }

  useTool(kind) {
    if (!this.model.now[kind]) {
      const draw = kind === "line" ? () => this.model.drawLine() : () => this.model.drawScale();
      this.act(draw, said(`${kind}_drawn`));
    }
    this.choose(`${kind}.1`, { reveal: true });
  }

  turnLine(direction) {
    this.act(() => this.model.turnLine(direction), said(`line_${direction}`));
  }

  setCm(cm, missing) {
    this.act(() => this.model.setCm(cm), cm ? said("scale_is", { cm: decimal(cm) }) : missing);
  }

  // About the chosen point if it is in sight, else about the middle.
  zoom(factor) {
    const { width, height } = this.view.stage;
    const at = this.view.toScreen(this.model.at(this.chosen));
    const seen = at.x >= 0 && at.x <= width && at.y >= 0 && at.y <= height;
    this.view.zoomAt(seen ? at : { x: width / 2, y: height / 2 }, factor);
    const times = decimal((this.view.scale / this.view.fitScale()).toFixed(1));
    this.controls.say(said("zoomed", { times }));
    this.refresh();
  }

  fit() {
    this.view.fit();
    this.controls.say(said("whole"));
    this.refresh();
  }

  // Another key of the same move: it is not at its end.
  keysGoOn() {
    clearTimeout(this.resting);
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
  learn(component.data.texts);
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
