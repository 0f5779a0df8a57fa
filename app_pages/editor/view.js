// Which part of the photo is seen, and how large: photo pixels to CSS pixels of the stage and back.

const MOST_CSS_PER_PHOTO_PX = 10;

class View {
  constructor() {
    this.stage = { width: 0, height: 0 };
    this.photo = { width: 1, height: 1 };
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fitted = true;
  }

  fitScale() {
    return Math.min(this.stage.width / this.photo.width, this.stage.height / this.photo.height) || 1;
  }

  resize(stage, photo) {
    const middle = this.toPhoto({ x: this.stage.width / 2, y: this.stage.height / 2 });
    this.stage = stage;
    this.photo = photo;
    if (this.fitted) this.fit();
    else this.look(middle, this.scale);
  }

  fit() {
    this.look({ x: this.photo.width / 2, y: this.photo.height / 2 }, this.fitScale());
  }

  // Show a place of the photo in the middle of the stage.
  look(middle, scale) {
    this.pin(middle, { x: this.stage.width / 2, y: this.stage.height / 2 }, scale);
  }

  setScale(scale) {
    const fit = this.fitScale();
    this.scale = clamp(scale, fit, Math.max(MOST_CSS_PER_PHOTO_PX, fit));
    this.fitted = this.scale < fit * 1.001;
  }

  // Zoom so that what lies at a place of the stage stays there.
  zoomAt(place, factor) {
    const before = this.scale;
    this.pin(this.toPhoto(place), place, before * factor);
    return this.scale !== before;
  }

  // Zoom so that a place of the photo lies at a place of the stage.
  pin(at, place, scale) {
    this.setScale(scale);
    this.x = place.x - at.x * this.scale;
    this.y = place.y - at.y * this.scale;
    this.hold();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.hold();
  }

  // Keep the photo over the stage, or in its middle where it is smaller.
  hold() {
    for (const [axis, size] of [["x", "width"], ["y", "height"]]) {
      const room = this.stage[size] - this.photo[size] * this.scale;
      this[axis] = room >= 0 ? room / 2 : clamp(this[axis], room, 0);
    }
  }

  // Bring a place of the photo into sight, with some room around it.
  reveal(place) {
    const { x, y } = this.toScreen(place);
    const room = 40;
    this.pan(
      clamp(x, room, Math.max(this.stage.width - room, room)) - x,
      clamp(y, room, Math.max(this.stage.height - room, room)) - y,
    );
  }

  toScreen({ x, y }) {
    return { x: x * this.scale + this.x, y: y * this.scale + this.y };
  }

  toPhoto({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  // Standard deviation with which a point can be placed now: half of a CSS pixel.
  sdPx() {
    return 0.5 / this.scale;
  }
}
