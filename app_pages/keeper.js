// Mirrors a photo's corrections into the storage of this browser tab, which ends with the tab.

const answers = {}; // what was found, by the question that Python asked

function stored(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null; // no storage, or not ours
  }
}

function store(name, corrections) {
  try {
    if (Object.keys(corrections).length) sessionStorage.setItem(name, JSON.stringify(corrections));
    else sessionStorage.removeItem(name);
  } catch {
    // A tab without storage, or a full one, forgets at a reload: nothing else is lost.
  }
}

export default function ({ data, setStateValue }) {
  for (const photo of data.forget) store(`posture:${photo}`, {});
  const name = `posture:${data.photo}`;
  if (data.corrections) {
    store(name, data.corrections);
    return;
  }
  const found = stored(name);
  if (!found || data.question in answers) return;
  answers[data.question] = found;
  setStateValue("found", { ...answers });
}
