// A text field that tells what is typed shortly after each pause, not only when it is left.

const PAUSE_MS = 400;

export default function ({ data, parentElement, setStateValue }) {
  const label = parentElement.querySelector("label");
  const field = parentElement.querySelector("textarea");
  label.textContent = data.label;
  field.maxLength = data.most;
  if (field.dataset.ready) return;
  field.dataset.ready = "yes";
  field.id = `writing-${Math.random().toString(36).slice(2)}`;
  label.htmlFor = field.id;
  field.value = data.text;
  let waiting;
  const tell = () => {
    clearTimeout(waiting);
    waiting = undefined;
    setStateValue("text", field.value);
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, PAUSE_MS);
  });
  const hurry = () => waiting !== undefined && tell();
  field.addEventListener("blur", hurry);
  addEventListener("pagehide", hurry);
}
