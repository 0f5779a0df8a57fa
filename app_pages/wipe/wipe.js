// Moves the edge between two pictures, by finger, mouse or keyboard.

export default function ({ data, parentElement }) {
  const stage = parentElement.querySelector(".stage");
  const slider = parentElement.querySelector("input");
  const pictures = parentElement.querySelectorAll("img");
  const names = parentElement.querySelectorAll(".names span");
  data.pictures.forEach((address, i) => {
    pictures[i].src = address;
    pictures[i].alt = data.names[i];
    names[i].textContent = data.names[i];
  });
  slider.setAttribute("aria-label", data.label);
  const show = () => stage.style.setProperty("--edge", `${slider.value}%`);
  slider.oninput = show;
  const drag = (event) => {
    if (!event.buttons) return;
    const box = stage.getBoundingClientRect();
    slider.value = (100 * (event.clientX - box.left)) / box.width;
    show();
  };
  stage.onpointerdown = (event) => {
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    drag(event);
  };
  stage.onpointermove = drag;
  show();
}
