// The drawing pad's front end: a canvas on which a finger, pen or mouse draws in black.
// After each stroke it sends the picture, SIZE x SIZE grey values as base64, to Python,
// and shows the answer (an HTML string) beside the canvas.
const SIZE = 64, SCREEN = 224;

function render({ model, el }) {
  el.classList.add("keras-bangla-pad");
  el.style.cssText = "font-family:'Hind Siliguri',sans-serif;display:flex;gap:24px;flex-wrap:wrap;align-items:flex-start";
  const left = document.createElement("div");
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SCREEN;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", model.get("label"));
  canvas.style.cssText = "border:2px solid #555;border-radius:6px;touch-action:none;cursor:crosshair;background:#fff";
  const clear = document.createElement("button");
  clear.textContent = model.get("clear_text");
  clear.style.cssText = "display:block;margin-top:6px;padding:4px 14px;font:inherit";
  left.append(canvas, clear);
  const answer = document.createElement("div");
  answer.className = "keras-bangla-answer";
  answer.setAttribute("aria-live", "polite");
  el.append(left, answer);

  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.lineWidth = 16;
  pen.lineCap = pen.lineJoin = "round";
  const wipe = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, SCREEN, SCREEN); };
  wipe();

  const small = document.createElement("canvas");
  small.width = small.height = SIZE;
  function send() {
    const context = small.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, SIZE, SIZE);
    const rgba = context.getImageData(0, 0, SIZE, SIZE).data;
    let text = "";
    for (let i = 0; i < rgba.length; i += 4) text += String.fromCharCode(rgba[i]);
    model.set("pixels", btoa(text));
    model.save_changes();
  }

  let drawing = false;
  const at = (e) => {
    const box = canvas.getBoundingClientRect();
    return [(e.clientX - box.left) * SCREEN / box.width, (e.clientY - box.top) * SCREEN / box.height];
  };
  canvas.addEventListener("pointerdown", (e) => {
    drawing = true;
    canvas.setPointerCapture(e.pointerId);
    pen.beginPath();
    pen.moveTo(...at(e));
    pen.lineTo(...at(e));
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (e) => {
    if (!drawing) return;
    pen.lineTo(...at(e));
    pen.stroke();
  });
  const stop = () => { if (drawing) { drawing = false; send(); } };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  clear.addEventListener("click", () => { wipe(); send(); });

  const tell = () => { answer.innerHTML = model.get("answer"); };
  model.on("change:answer", tell);
  tell();
}

export default { render };
