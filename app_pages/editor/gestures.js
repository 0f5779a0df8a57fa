// Mouse, finger and pen: dragging points, moving and zooming the photo.

const HIT_PX = 24;
const CHOSEN_NEARER_PX = 6;
const TWO_TAPS_MS = 350;
const TWO_TAPS_ZOOM = 2.5;
const SLOP_PX = { mouse: 2, pen: 4, touch: 6 };

class Gestures {
  constructor(editor) {
    this.editor = editor;
    this.stage = editor.stage;
    this.pointers = new Map();
    this.drag = null;
    const listen = (type, act, options) => this.stage.addEventListener(type, act.bind(this), options);
    listen("pointerdown", this.down);
    listen("pointermove", this.move);
    listen("pointerup", this.up);
    listen("pointercancel", this.cancelled);
    listen("wheel", this.wheel, { passive: false });
    // A browser that ignores touch-action would scroll the page under a drag.
    listen("touchmove", this.keepPage, { passive: false });
    listen("touchstart", this.keepPage, { passive: false });
  }

  place(event) {
    const { left, top } = this.stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  // Where hit areas overlap the nearest handle wins; the chosen one counts as a little nearer, or
  // else of two that lie on each other only the upper one could ever be dragged.
  handleNear(place) {
    const { model, view, chosen } = this.editor;
    let best = null;
    for (const id of model.handles()) {
      const away = distance(view.toScreen(model.at(id)), place);
      const rank = id === chosen ? away - CHOSEN_NEARER_PX : away;
      if (away <= HIT_PX && (best === null || rank < best.rank)) best = { id, rank };
    }
    return best?.id ?? null;
  }

  down(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    const place = this.place(event);
    this.pointers.set(event.pointerId, place);
    if (this.pointers.size === 2) {
      this.startPinch();
      return;
    }
    if (this.pointers.size > 2) return;
    const id = this.handleNear(place);
    if (!id) this.tap(event, place);
    if (id) this.startDrag(event, id, place);
    else if (!this.editor.view.fitted) this.drag = { pan: true, last: place };
    if (this.drag) this.stage.setPointerCapture(event.pointerId);
  }

  // Two taps on the background zoom in there, or out again.
  tap(event, place) {
    const { view } = this.editor;
    const last = this.lastTap;
    this.lastTap = { at: event.timeStamp, place };
    if (!last || event.timeStamp - last.at > TWO_TAPS_MS || distance(last.place, place) > HIT_PX) return;
    this.lastTap = null;
    if (view.fitted) view.zoomAt(place, TWO_TAPS_ZOOM);
    else view.fit();
    this.editor.refresh();
  }

  startDrag(event, id, place) {
    const { editor } = this;
    event.preventDefault(); // no text is selected, and focus goes where we say
    editor.flush();
    const from = editor.model.at(id);
    this.drag = { id, start: place, from, slop: SLOP_PX[event.pointerType] ?? 2, moved: false };
    editor.choose(id);
    editor.handles.focus(id);
    if (event.pointerType !== "mouse") editor.loupe.show(from, editor.view);
  }

  move(event) {
    if (!this.pointers.has(event.pointerId)) return;
    const place = this.place(event);
    this.pointers.set(event.pointerId, place);
    if (this.pinch) this.movePinch();
    else if (this.drag?.pan) this.movePan(place);
    else if (this.drag) this.moveDrag(place);
  }

  moveDrag(place) {
    const { drag, editor } = this;
    const by = { x: place.x - drag.start.x, y: place.y - drag.start.y };
    if (!drag.moved && Math.hypot(by.x, by.y) < drag.slop) return;
    if (!drag.moved) this.stage.classList.add("dragging");
    drag.moved = true;
    editor.model.begin(); // each time: a key may have ended a step in between
    const { scale } = editor.view;
    const to = { x: drag.from.x + by.x / scale, y: drag.from.y + by.y / scale };
    editor.model.move(drag.id, to, editor.view.sdPx());
    editor.loupe.show(editor.model.at(drag.id), editor.view);
    editor.refresh();
  }

  movePan(place) {
    this.editor.view.pan(place.x - this.drag.last.x, place.y - this.drag.last.y);
    this.drag.last = place;
    this.editor.refresh();
  }

  startPinch() {
    this.endDrag(true);
    for (const id of this.pointers.keys()) this.stage.setPointerCapture(id);
    this.pinch = this.grip();
  }

  // What a pinch holds, measured from its start: nothing adds up where the photo's edge stops it.
  grip() {
    const { view } = this.editor;
    const { middle, apart } = this.fingers();
    return { at: view.toPhoto(middle), scalePerPx: view.scale / apart };
  }

  fingers() {
    const [a, b] = [...this.pointers.values()];
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, apart: Math.max(distance(a, b), 1) };
  }

  movePinch() {
    const { middle, apart } = this.fingers();
    this.editor.view.pin(this.pinch.at, middle, this.pinch.scalePerPx * apart);
    this.editor.refresh();
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.pinch) this.pinch = this.pointers.size > 1 ? this.grip() : null;
    else this.endDrag(false);
  }

  // The browser took the gesture away, or a second finger made it a pinch.
  cancelled(event) {
    this.pointers.delete(event.pointerId);
    this.pinch = null;
    this.endDrag(true);
  }

  // Forget what is going on: the photo under it has changed.
  letGo() {
    this.drag = null;
    this.pinch = null;
    this.pointers.clear();
    this.stage.classList.remove("dragging");
    this.editor.loupe.hide();
  }

  endDrag(undone) {
    const { drag, editor } = this;
    this.drag = null;
    this.stage.classList.remove("dragging");
    editor.loupe.hide();
    if (!drag?.moved) return;
    if (undone) editor.model.cancel();
    else editor.commit(sayLeft(editor.model, drag.id));
    editor.refresh();
  }

  // With Ctrl or Command always; else only while the photo has the focus, so that the page scrolls.
  wheel(event) {
    const { editor } = this;
    if (!(event.ctrlKey || event.metaKey || editor.handles.hasFocus())) return;
    const step = event.deltaMode === 1 ? 0.05 : 0.0018;
    const factor = Math.exp(-clamp(event.deltaY * step, -0.5, 0.5));
    if (!editor.view.zoomAt(this.place(event), factor) && !event.ctrlKey) return;
    event.preventDefault();
    editor.refresh();
  }

  keepPage(event) {
    const ours = this.drag || this.pinch || event.touches.length > 1;
    if (ours && event.cancelable) event.preventDefault();
  }
}
