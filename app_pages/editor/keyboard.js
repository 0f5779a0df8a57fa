// The keyboard on the photo: moving, confirming, undoing, zooming.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP_PX = 1;
const LONG_STEP_PX = 10;

// Return what a key does on a handle, or null if it is not ours.
function keyAction(editor, id, event) {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (command) {
    if (key === "z") return () => (event.shiftKey ? editor.redo() : editor.undo());
    return key === "y" ? () => editor.redo() : null;
  }
  if (event.altKey) return null;
  if (key in ARROWS) return () => editor.nudge(id, ARROWS[key], event.shiftKey ? LONG_STEP_PX : STEP_PX);
  const actions = {
    Enter: () => editor.confirm(id),
    " ": () => editor.confirm(id),
    Delete: () => editor.reset(id),
    Backspace: () => editor.reset(id),
    "+": () => editor.zoom(1.5),
    "=": () => editor.zoom(1.5),
    "-": () => editor.zoom(1 / 1.5),
    _: () => editor.zoom(1 / 1.5),
    0: () => editor.fit(),
    Escape: () => editor.leave(),
  };
  return Object.hasOwn(actions, key) ? actions[key] : null;
}

// Undo and redo from anywhere in the editor but a field for typing.
function anywhereAction(editor, event) {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest?.("input")) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return () => (event.shiftKey ? editor.redo() : editor.undo());
  return key === "y" ? () => editor.redo() : null;
}
