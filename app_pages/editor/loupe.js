// A round magnifier that shows the skin under a point while it is moved.

const LOUPE_SIZE = 136;
const LOUPE_TIMES = 3.5;
const LOUPE_AWAY = 104;
const LOUPE_LINGERS_MS = 1200;

class Loupe {
  constructor(stage) {
    this.stage = stage;
    this.photo = null;
    this.canvas = html("canvas", { class: "loupe", hidden: true, "aria-hidden": "true" });
    stage.append(this.canvas);
  }

  load(url) {
    this.photo = new Image();
    this.photo.src = url;
  }

  show(at, view) {
    clearTimeout(this.leaving);
    this.canvas.hidden = false;
    this.paint(at, view);
    this.placeBeside(view.toScreen(at));
  }

  hide() {
    clearTimeout(this.leaving);
    this.canvas.hidden = true;
  }

  hideSoon() {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.hide(), LOUPE_LINGERS_MS);
  }

  paint(at, view) {
    const dots = Math.round(LOUPE_SIZE * (window.devicePixelRatio || 1));
    if (this.canvas.width !== dots) this.canvas.width = this.canvas.height = dots;
    const pen = this.canvas.getContext("2d");
    const unit = dots / LOUPE_SIZE;
    const times = view.scale * LOUPE_TIMES * unit;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#10181c";
    pen.fillRect(0, 0, dots, dots);
    if (this.photo?.complete && this.photo.naturalWidth) {
      pen.setTransform(times, 0, 0, times, dots / 2 - at.x * times, dots / 2 - at.y * times);
      pen.drawImage(this.photo, 0, 0, view.photo.width, view.photo.height);
      pen.setTransform(1, 0, 0, 1, 0, 0);
    }
    this.cross(pen, dots, unit);
  }

  // Crosshair with a free middle, light on dark so that it is seen on any skin.
  cross(pen, dots, unit) {
    const [middle, gap] = [dots / 2, 7 * unit];
    for (const [colour, width] of [["rgba(0,0,0,.7)", 3], ["#fff", 1.2]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width * unit;
      pen.beginPath();
      for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        pen.moveTo(middle + x * gap, middle + y * gap);
        pen.lineTo(middle + x * middle, middle + y * middle);
      }
      pen.stroke();
      pen.beginPath();
      pen.arc(middle, middle, 1.6 * unit, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  // Above the finger; else to a side of it or below, wherever it is seen whole.
  placeBeside(at) {
    const half = LOUPE_SIZE / 2;
    const { width, height } = this.stage.getBoundingClientRect();
    const { top, bottom } = this.seen();
    const fits = ({ x, y }) => y - half >= top && y + half <= bottom && x - half >= 0 && x + half <= width;
    const inside = clamp(at.x, half, Math.max(width - half, half));
    const places = [
      { x: inside, y: at.y - LOUPE_AWAY },
      { x: at.x + LOUPE_AWAY, y: clamp(at.y, top + half, bottom - half) },
      { x: at.x - LOUPE_AWAY, y: clamp(at.y, top + half, bottom - half) },
      { x: inside, y: at.y + LOUPE_AWAY },
    ];
    const { x, y } = places.find(fits) ?? places[at.y < height / 2 ? 3 : 0];
    this.canvas.style.transform = `translate(${x - half}px, ${y - half}px)`;
  }

  // The part of the stage's height that is on the screen.
  seen() {
    const { top, height } = this.stage.getBoundingClientRect();
    return { top: Math.max(0, -top), bottom: Math.min(height, window.innerHeight - top) };
  }
}
