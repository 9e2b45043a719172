// A zone drawn on a camera's picture: corners that can be set by mouse, finger or keyboard.

import { $, announce, element } from "../page.js";

const STEP = 0.01;
let points = []; // [x, y], 0 to 1 from the top left
let dragged = -1;
const within = (v) => Math.round(1000 * Math.max(0, Math.min(1, v))) / 1000;

export const zone = {
  get: () => points.map((p) => [...p]),
  set(wanted) {
    points = (wanted || []).map((p) => [within(p[0]), within(p[1])]);
    draw();
  },
  show(camera) {
    const picture = $("zone-picture");
    picture.alt = camera ? `The newest picture of ${camera}` : "";
    picture.hidden = !camera;
    if (camera) picture.src = `api/desk/still/${camera.split("/").map(encodeURIComponent).join("/")}?${Date.now()}`;
  },
};
$("zone-picture").onerror = () => { $("zone-picture").hidden = true; };

function draw(focus = -1) {
  const svg = $("zone").querySelector("svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  shape.setAttribute("points", points.map(([x, y]) => `${100 * x},${100 * y}`).join(" "));
  svg.replaceChildren(shape);
  $("corners").replaceChildren(...points.map(([x, y], n) => corner(x, y, n)));
  if (focus >= 0) $("corners").children[Math.min(focus, points.length - 1)]?.focus();
}

function corner(x, y, n) {
  const button = element("button");
  button.type = "button";
  button.style.left = `${100 * x}%`;
  button.style.top = `${100 * y}%`;
  button.setAttribute("aria-label", `Corner ${n + 1}: ${Math.round(100 * x)} % from the left, ${Math.round(100 * y)} % from the top`);
  button.onpointerdown = (e) => {
    e.stopPropagation();
    dragged = n;
    $("zone").setPointerCapture(e.pointerId);
  };
  button.onclick = (e) => e.stopPropagation();
  button.onkeydown = (e) => {
    const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[e.key];
    if (move) points[n] = [within(points[n][0] + move[0] * (e.shiftKey ? 10 : 1)), within(points[n][1] + move[1] * (e.shiftKey ? 10 : 1))];
    else if (e.key === "Delete" || e.key === "Backspace") {
      points.splice(n, 1);
      announce(`corner ${n + 1} removed, ${points.length} left`);
    } else return;
    e.preventDefault();
    draw(n);
  };
  return button;
}

const place = (e) => {
  const box = $("zone").getBoundingClientRect();
  return [within((e.clientX - box.left) / box.width), within((e.clientY - box.top) / box.height)];
};

// A new corner goes into the edge that it is nearest to, so that the outline does not cross itself.
function insert(point) {
  let best = points.length, least = Infinity;
  if (points.length > 2) {
    points.forEach((a, n) => {
      const b = points[(n + 1) % points.length], far = distance(point, a, b);
      if (far < least) { least = far; best = n + 1; }
    });
  }
  points.splice(best, 0, point);
  return best;
}

function distance([x, y], [x0, y0], [x1, y1]) {
  const dx = x1 - x0, dy = y1 - y0;
  const t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

let moved = false;
$("zone").onpointermove = (e) => {
  if (dragged < 0) return;
  moved = true;
  points[dragged] = place(e);
  draw();
};
$("zone").onpointerup = $("zone").onpointercancel = () => {
  if (dragged >= 0) draw(dragged);
  dragged = -1;
  setTimeout(() => { moved = false; });
};
$("zone").onclick = (e) => {
  if (moved || points.length >= 32) return;
  draw(insert(place(e)));
};
$("add-corner").onclick = () => {
  if (points.length >= 32) return;
  const start = [[0.25, 0.35], [0.75, 0.35], [0.75, 0.9], [0.25, 0.9]][points.length];
  if (start) {
    points.push(start);
    draw(points.length - 1);
  } else {
    const a = points.at(-1), b = points[0];
    points.push([within((a[0] + b[0]) / 2), within((a[1] + b[1]) / 2)]);
    draw(points.length - 1);
  }
};
$("clear-zone").onclick = () => zone.set([]);
