// The points and ends as the keyboard and a pointer meet them.

class Handles {
  constructor(editor) {
    this.editor = editor;
    this.nodes = new Map();
    const name = said("photo");
    this.points = html("div", { class: "points", role: "application", "aria-label": name });
    // What a pointer meets lies below all handles: where they overlap, none takes another's place.
    this.grips = html("div", { class: "points" });
    editor.stage.append(this.grips, this.points);
    this.points.addEventListener("keydown", (event) => this.keyDown(event));
    this.points.addEventListener("keyup", () => editor.keyUp());
    this.points.addEventListener("focusout", () => editor.flush());
  }

  draw() {
    const ids = this.editor.model.handles();
    for (const [id, node] of this.nodes) {
      if (ids.includes(id)) continue;
      node.grip.remove();
      node.remove();
      this.nodes.delete(id);
    }
    let previous = null;
    for (const id of ids) {
      const node = this.drawOne(id);
      const next = previous ? previous.nextSibling : this.points.firstChild;
      if (node !== next) this.points.insertBefore(node, next);
      previous = node;
    }
  }

  drawOne(id) {
    const { model, view, chosen } = this.editor;
    const node = this.nodes.get(id) ?? this.make(id);
    const kind = model.kind(id);
    if (node.dataset.kind !== kind) {
      node.dataset.kind = kind;
      node.replaceChildren(mark(kind));
    }
    const { x, y } = view.toScreen(model.at(id));
    for (const each of [node, node.grip]) each.style.transform = `translate(${x}px, ${y}px)`;
    set(node, { "aria-label": sayHandle(model, id), "aria-current": id === chosen ? "true" : null });
    return node;
  }

  make(id) {
    const { editor } = this;
    const node = html("button", { type: "button", class: "handle", "data-point": id });
    set(node, { "aria-roledescription": said("point") });
    node.grip = html("span", { class: "grip" });
    this.grips.append(node.grip);
    node.addEventListener("focus", () => editor.choose(id, { reveal: true }));
    // A press that is no pointer's comes from a screen reader.
    node.addEventListener("click", (event) => event.detail === 0 && editor.confirm(id));
    this.nodes.set(id, node);
    return node;
  }

  focus(id) {
    this.nodes.get(id)?.focus({ preventScroll: true });
  }

  hasFocus() {
    return this.points.contains(this.points.getRootNode().activeElement);
  }

  keyDown(event) {
    const { editor } = this;
    const id = event.target.closest(".handle")?.dataset.point;
    const action = id && keyAction(editor, id, event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    editor.keysGoOn();
    action();
  }
}
