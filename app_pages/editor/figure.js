// The drawn body on which a point's place is shown, turned as the person in the photo.

const FRAMES = {
  neck: { side: "18 0 64 82", back: "118 0 64 82" },
  trunk: { side: "18 88 64 82", back: "118 88 64 82" },
  leg: { side: "18 200 72 98" },
};

// The views of the body that show a point: from the side, and from behind where it lies there.
function figure(body, id, view, facing) {
  const there = ["side", "back"].filter((from) => body.querySelector(`.${from} [data-spot="${id}"]`));
  const views = there.map((from) => {
    const whole = body.querySelector(`.${from}`).cloneNode(true);
    const drawn = svg("svg", { viewBox: FRAMES[view][from] }, whole);
    if (from === "side" && facing === "left") set(drawn, { class: "turned" });
    const spot = set(drawn.querySelector(`[data-spot="${id}"]`), { class: "here" });
    spot.before(set(spot.cloneNode(), { class: "around" }));
    return drawn;
  });
  return html("div", { class: "figure", "aria-hidden": "true" }, ...views);
}
