// Where a point waits that nobody has found or placed.

// Shares of the photo's height from its middle: forward, and down from the top.
const USUAL_PLACES = {
  ear: [0.02, 0.15], c7: [-0.05, 0.21], shoulder: [0, 0.25], t12: [-0.07, 0.38],
  l1: [-0.065, 0.4], l3: [-0.06, 0.43], s1: [-0.07, 0.48], psis: [-0.07, 0.485],
  asis: [0.06, 0.5], hip: [0, 0.53], knee: [0.01, 0.72], ankle: [0, 0.91],
  heel: [-0.03, 0.94], foot_index: [0.1, 0.94],
};

// Beside points that are there, where a body would have it; else in the middle of the photo.
function usualPlace(model, name) {
  const known = model.names.filter((other) => other in model.now.points || other in model.program);
  const turn = model.facing === "left" ? -1 : 1;
  const place = ([forward, down], size, top, middle) => ({
    x: clamp(middle + turn * forward * size, 0, model.width),
    y: clamp(top + down * size, 0, model.height),
  });
  // A part of a body fills a photo that is wider than high: far enough apart to be told apart.
  const body = Math.max(model.width, model.height);
  const whole = place(USUAL_PLACES[name], body, (model.height - body) / 2, model.width / 2);
  if (known.length < 2) return whole;
  const seen = known.map((other) => ({ at: model.at(other), usual: USUAL_PLACES[other] }));
  seen.sort((a, b) => a.usual[1] - b.usual[1]);
  const [high, low] = [seen[0], seen[seen.length - 1]];
  const span = low.usual[1] - high.usual[1];
  if (span < 0.05) return whole;
  const size = (low.at.y - high.at.y) / span;
  const top = high.at.y - high.usual[1] * size;
  const away = ({ usual }) => Math.abs(usual[1] - USUAL_PLACES[name][1]);
  const nearest = seen.reduce((best, one) => (away(one) < away(best) ? one : best));
  return place(USUAL_PLACES[name], size, top, nearest.at.x - turn * nearest.usual[0] * size);
}
