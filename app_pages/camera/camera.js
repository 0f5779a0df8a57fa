// Shows the camera with what was found drawn over it, counts down and takes the pictures that count.
// Pictures go to Python over the page's own connection, two of them at most on their way.

const ROWS = 512; // as many as the model is given
const PACE_MS = 60;
const ON_THEIR_WAY = 2;
const LOST_MS = 3000; // a picture that nobody answered
const MEASURES_MS = 180000; // a full line included; then nobody will answer
const STARTS_MS = 15000;
const NUMBERS_MS = 300; // faster, nobody can read them
const SETTLES_MS = 600;
const STEADY_MS = 700; // so long a person may be lost without the countdown beginning anew
const TAKEN = 3;
const BETWEEN_MS = 400;

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Camera {
  constructor(root) {
    this.root = root;
    this.video = make("video", { muted: true, playsInline: true, autoplay: true });
    this.layer = make("div", { className: "layer" });
    this.count = make("div", { className: "count" });
    this.stage = make("div", { className: "stage" }, this.video, this.layer, this.count);
    this.numbers = make("div", { className: "numbers" });
    this.preview = make("p", { className: "preview" });
    this.say = make("p", { className: "say" });
    this.say.setAttribute("role", "status");
    this.alarm = make("p", { className: "unseen" });
    this.alarm.setAttribute("role", "alert");
    this.go = make("button", { className: "go", onclick: () => this.press() });
    this.full = make("button", { className: "plain", onclick: () => this.fill() });
    const acts = make("div", { className: "acts" }, this.go, this.full);
    const side = make("div", { className: "side" }, this.say, acts, this.numbers, this.preview);
    root.append(this.stage, side, this.alarm);
    this.canvas = make("canvas");
    this.session = Math.random().toString(36).slice(2);
    this.number = 0;
    this.answered = 0;
    this.shown = 0;
    this.phase = "starting"; // → looking → waiting → counting → taking → measuring → looking
    root.addEventListener("keydown", (event) => event.stopPropagation());
  }

  update(component) {
    const first = !this.component;
    this.component = component;
    const { data } = component;
    this.texts = data.texts;
    if (first) this.start();
    if (this.phase === "measuring" && data.step.measured === this.taken) this.look();
    const { seen, answered } = data;
    if (seen && this.isMine(seen.picture) && seen.picture.number > this.shown) this.show(seen);
    if (answered && this.isMine(answered)) {
      this.answered = Math.max(this.answered, answered.number);
      this.sendSoon();
    }
    this.speak();
  }

  isMine({ session }) {
    return session === this.session;
  }

  look() {
    this.phase = "looking";
    this.send();
  }

  async start() {
    this.root.dataset.phase = this.phase;
    if (!navigator.mediaDevices?.getUserMedia) return this.fail("insecure");
    // Never cut to that shape: an upright camera shows a whole person.
    const size = { width: { ideal: 1280 }, height: { ideal: 720 }, resizeMode: "none" };
    const late = setTimeout(() => this.video.videoWidth || this.fail("late"), STARTS_MS);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { ...size, facingMode: { ideal: "environment" } },
      });
      this.stream.getVideoTracks()[0].onended = () => this.fail("gone");
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch (error) {
      if (this.stopped) return this.stop();
      const blocked = ["NotAllowedError", "SecurityError"].includes(error.name);
      const none = ["NotFoundError", "OverconstrainedError"].includes(error.name);
      return this.fail(blocked ? "denied" : none ? "none" : "busy");
    } finally {
      clearTimeout(late);
    }
    if (this.stopped) return this.stop();
    this.look();
    this.guard = setInterval(() => {
      const waits = performance.now() - this.sent > LOST_MS;
      if (waits) this.send();
      const lost = this.phase === "measuring" && performance.now() - this.tookAt > MEASURES_MS;
      if (lost) this.look();
    }, 500);
  }

  fail(why) {
    if (this.stopped) return;
    this.stop();
    this.component.setStateValue("trouble", why);
  }

  stop() {
    this.stopped = true;
    clearInterval(this.guard);
    clearTimeout(this.next);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
  }

  picture(rows, quality) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, rows / height);
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    return this.canvas.toDataURL("image/jpeg", quality).split(",")[1];
  }

  sendSoon() {
    clearTimeout(this.next);
    if (this.number - this.answered >= ON_THEIR_WAY) return;
    this.next = setTimeout(() => this.send(), Math.max(0, this.sent + PACE_MS - performance.now()));
  }

  send() {
    if (this.stopped || this.phase === "measuring" || !this.video.videoWidth) return;
    this.sent = performance.now();
    this.number += 1;
    const jpeg = this.picture(ROWS, 0.8);
    const { session, number } = this;
    this.component.setStateValue("frame", { session, number, jpeg });
    this.sendSoon();
  }

  show(seen) {
    this.shown = seen.picture.number;
    this.root.dataset.frames = Number(this.root.dataset.frames ?? 0) + 1;
    this.layer.innerHTML = seen.drawing;
    const now = performance.now();
    this.ready = seen.ready;
    if (seen.ready) this.readyAt = now;
    if (now - (this.numbersAt ?? -NUMBERS_MS) >= NUMBERS_MS) {
      this.numbersAt = now;
      this.numbers.replaceChildren(
        ...seen.numbers.map(({ label, value, words }) =>
          make(
            "div",
            { className: "number" },
            make("span", { textContent: label }),
            make("strong", { textContent: value }),
            make("span", { textContent: words }),
          ),
        ),
      );
      this.preview.textContent = seen.numbers.length ? this.texts.preview : "";
    }
    if (seen.say !== this.sayNext) {
      this.sayNext = seen.say;
      this.sayAt = now;
    }
    if (now - this.sayAt >= SETTLES_MS || !this.said) this.said = seen.say;
    if (this.phase === "waiting" && seen.ready) this.countDown();
  }

  // Says what to do now, after what is awaited or was wrong.
  speak() {
    const { texts, phase } = this;
    this.root.dataset.phase = phase;
    const { problem, press, button } = this.component.data.step;
    const said = {
      starting: texts.allow,
      looking: this.ready ? press : this.said || texts.looking,
      waiting: [texts.waiting, this.ready ? "" : this.said].filter(Boolean).join(" "),
      counting: texts.hold,
      taking: texts.hold,
      measuring: texts.measuring,
    }[phase];
    const whole = phase === "looking" && problem && this.ready ? `${problem} ${press}` : said;
    if (this.say.textContent !== whole) this.say.textContent = whole;
    const stops = ["waiting", "counting"].includes(phase);
    this.go.textContent = stops ? texts.stop : button;
    this.go.disabled = !["looking", "waiting", "counting"].includes(phase);
    this.full.textContent = document.fullscreenElement ? texts.small : texts.full;
    this.full.hidden = !document.fullscreenEnabled;
  }

  press() {
    if (this.phase === "looking") {
      this.phase = "waiting";
      if (this.ready) this.countDown();
    } else {
      this.phase = "looking";
      this.count.textContent = "";
    }
    this.speak();
  }

  async countDown() {
    this.phase = "counting";
    const mine = (this.counted = (this.counted ?? 0) + 1);
    const left = this.component.data.countdown;
    for (let second = left; second > 0; second -= 1) {
      this.count.textContent = second;
      this.alarm.textContent = second === left ? `${this.texts.hold} ${second}` : second;
      this.speak();
      await pause(1000);
      if (this.stopped || this.phase !== "counting" || mine !== this.counted) return;
      if (performance.now() - this.readyAt > 1000 + STEADY_MS) {
        this.phase = "waiting";
        this.count.textContent = "";
        return this.speak();
      }
    }
    this.count.textContent = "";
    await this.take();
  }

  async take() {
    this.phase = "taking";
    this.speak();
    const jpegs = [];
    for (let i = 0; i < TAKEN; i += 1) {
      if (i) await pause(BETWEEN_MS);
      if (this.stopped) return;
      jpegs.push(this.picture(Infinity, 0.92));
      this.stage.classList.add("flash");
      await pause(60);
      this.stage.classList.remove("flash");
    }
    this.phase = "measuring";
    this.tookAt = performance.now();
    this.taken = Math.random().toString(36).slice(2);
    this.component.setTriggerValue("taken", { id: this.taken, jpegs });
    this.alarm.textContent = this.texts.measuring;
    this.speak();
  }

  async fill() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
    this.speak();
  }
}

const cameras = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".camera");
  let camera = cameras.get(root);
  if (!camera) {
    camera = new Camera(root);
    cameras.set(root, camera);
  }
  camera.update(component);
  return () => root.isConnected || camera.stop();
}
