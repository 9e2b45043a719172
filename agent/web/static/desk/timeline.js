// A camera's day: how busy each hour was, and what happened, a page at a time.

import { $, element, spoken } from "../page.js";
import { api, me, query } from "./api.js";
import { day, row } from "./moments.js";
import { choose } from "./wall.js";

const form = $("timeline-filter"), list = $("moments");
let hour = null, round = 0;

function span() {
  if (hour === null) return {};
  const from = new Date(`${form.day.value}T00:00`);
  from.setHours(hour);
  const to = new Date(from);
  to.setHours(hour + 1);
  return { from: from.toISOString(), to: to.toISOString() };
}

export async function show(given = new URLSearchParams()) {
  if (!me.archive) return;
  if (given.get("camera")) choose(form.camera, given.get("camera"));
  if (given.get("day")) form.day.value = given.get("day").slice(0, 10);
  if (given.has("hour")) hour = Math.max(0, Math.min(23, Number(given.get("hour")) || 0));
  else if (given.get("camera")) hour = null;
  if (!form.day.value) form.day.value = day(new Date());
  $("summary").hidden = true;
  await load();
}

async function load(before = "") {
  const mine = round += 1;
  if (!form.camera.value || !form.day.value) return;
  const wanted = { camera: form.camera.value, day: form.day.value, kind: form.kind.value, limit: 50, before, ...span() };
  const found = await api(`desk/timeline?${query(wanted)}`);
  if (mine !== round) return; // something else was chosen meanwhile
  const rows = found.moments.map((m) => row(m, { place: false, withDay: false }));
  if (before) list.append(...rows);
  else {
    list.replaceChildren(...rows);
    bars(found.busy);
    for (const name of found.sources) if (![...form.camera.options].some((o) => o.value === name)) choose(form.camera, name);
    form.camera.value = wanted.camera;
  }
  $("more-moments").hidden = !found.more;
  $("timeline-note").textContent = list.childElementCount ? "" : `Nothing was perceived at ${spoken(wanted.camera)} ${hour === null ? "on this day" : `from ${hour}:00 to ${hour + 1}:00`}.`;
}

function bars(busy) {
  const most = Math.max(1, ...busy);
  const focused = [...$("hours").children].indexOf(document.activeElement);
  $("hours").replaceChildren(...Array.from({ length: 24 }, (_, h) => {
    const button = element("button"), four = busy.slice(4 * h, 4 * h + 4), sum = four.reduce((a, b) => a + b, 0);
    button.type = "button";
    button.dataset.hour = h;
    button.setAttribute("aria-label", `${h}:00, ${sum} ${sum === 1 ? "moment" : "moments"}`);
    button.title = button.ariaLabel;
    button.setAttribute("aria-pressed", h === hour);
    for (const n of four) {
      const bar = element("i");
      bar.style.height = `${n ? Math.max(4, 100 * Math.sqrt(n / most)) : 0}%`;
      button.append(bar);
    }
    button.onclick = () => {
      hour = h === hour ? null : h;
      load().catch(problem);
    };
    return button;
  }));
  if (focused >= 0) $("hours").children[focused]?.focus();
}

const problem = (error) => { $("timeline-note").textContent = error.message; };

form.onchange = (e) => {
  if (e.target.name !== "kind") hour = e.target.name === "camera" ? hour : null;
  $("summary").hidden = true;
  load().catch(problem);
};
form.onsubmit = (e) => e.preventDefault();
form.onclick = (e) => {
  const days = Number(e.target.dataset?.days || 0);
  if (!days || !form.day.value) return;
  const date = new Date(`${form.day.value}T12:00`);
  date.setDate(date.getDate() + days);
  form.day.value = day(date);
  form.onchange({ target: form.day });
};
$("more-moments").onclick = async () => {
  const before = list.childElementCount;
  await load(list.lastElementChild?.dataset.id).catch(problem);
  list.children[before]?.querySelector("a, img")?.focus();
};
$("in-short").onclick = async () => {
  const box = $("summary");
  box.hidden = false;
  box.textContent = "…";
  try {
    box.textContent = (await api(`desk/summary?${query({ day: form.day.value })}`)).text;
  } catch (error) { box.textContent = error.message; }
  box.focus();
};
