// Drawing a signature. The page signs as well without: the field is shown only where it can be drawn in.
// What is drawn is kept as whole-number M and L steps, in the units of the field (600 by 160).

const field = document.getElementById("draw-field");
if (field) start();

function start() {
  const kept = document.getElementById("drawn");
  const pen = field.getContext("2d");
  const longest = 19900;
  let drawing = false;
  let last = "";

  field.closest(".draw").hidden = false;
  pen.lineWidth = 2.5;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#17211f";
  show(kept.value);

  field.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    field.setPointerCapture(event.pointerId);
    drawing = true;
    step("M", event);
  });
  field.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    for (const point of event.getCoalescedEvents?.() ?? [event]) step("L", point);
  });
  for (const end of ["pointerup", "pointercancel"]) field.addEventListener(end, () => (drawing = false));
  document.getElementById("draw-clear").addEventListener("click", () => {
    kept.value = last = "";
    show("");
  });

  function step(command, event) {
    const box = field.getBoundingClientRect();
    const x = within(((event.clientX - box.left) / box.width) * field.width, field.width);
    const y = within(((event.clientY - box.top) / box.height) * field.height, field.height);
    const point = `${x} ${y}`;
    if (command === "L" && point === last) return;
    if (kept.value.length + point.length + 1 > longest) return;
    last = point;
    kept.value += command + point;
    trace(command, x, y);
  }

  function trace(command, x, y) {
    if (command === "M") {
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x, y);
    } else pen.lineTo(x, y);
    pen.stroke();
  }

  function show(path) {
    pen.clearRect(0, 0, field.width, field.height);
    for (const [, command, x, y] of path.matchAll(/([ML])(\d+) (\d+)/g)) trace(command, Number(x), Number(y));
  }
}

function within(value, most) {
  return Math.round(Math.min(Math.max(value, 0), most));
}
