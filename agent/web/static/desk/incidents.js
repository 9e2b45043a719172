// Incidents: what happened, on what evidence, and what people make of it.

import { $, announce, element, spoken } from "../page.js";
import { api, may, me, query } from "./api.js";
import { row, time, timelineOf, told } from "./moments.js";

const opened = new Map(); // id -> its evidence, while it is open

export async function fill(list, wanted, { append = false, small = false } = {}) {
  const found = await api(`desk/incidents?${query(wanted)}`);
  const rows = found.incidents.map((one) => card(one, small));
  if (append) list.append(...rows);
  else keepFocus(list, rows);
  return found;
}

// A list that is filled anew keeps the keyboard where it was.
function keepFocus(list, rows) {
  const active = list.contains(document.activeElement) ? document.activeElement : null;
  const place = active && [active.closest("li")?.dataset.id, active.dataset.act];
  list.replaceChildren(...rows);
  if (place) list.querySelector(`[data-id="${place[0]}"] [data-act="${place[1]}"]`)?.focus();
}

function card(one, small) {
  const item = element("li", "", one.severity);
  item.dataset.id = one.id;
  const shown = element("img", "", "thumb");
  shown.loading = "lazy";
  shown.alt = "";
  shown.onerror = () => item.classList.add("no-picture");
  shown.src = `api/desk/incidents/${one.id}/picture`;
  const about = element("p", "", "about");
  about.append(element("span", one.severity, `tag ${one.severity}`), " ", time(one.t0));
  if (one.ended && one.t1 !== one.t0) about.append(" to ", element("time", told(one.t1).split(" ").at(-1)));
  if (!one.ended) about.append(" · still going on");
  about.append(` · rule “${one.rule}”`);
  const heading = element("p", titled(one), "what");
  const said = element("p", "", "line");
  said.setAttribute("role", "status");
  said.textContent = judged(one);
  item.append(shown, heading, about, acts(one, item, said, small), said);
  if (opened.has(one.id)) show(one, item, item.querySelector('[data-act="evidence"]'));
  return item;
}

// Where it was, and what.
function titled(one) {
  const where = one.sources.map(spoken).join(", ");
  return !where || one.text.toLowerCase().startsWith(`${where.toLowerCase()}:`) ? one.text : `${where}: ${one.text}`;
}

function judged(one) {
  const parts = [];
  if (one.seen) parts.push(`acknowledged by ${one.seen_by} at ${told(one.seen, false)}`);
  if (one.verdict) parts.push(`${one.verdict.replace("_", " ")}, says ${one.verdict_by}`);
  return parts.join("; ");
}

function acts(one, item, said, small) {
  const row = element("div", "", "acts");
  const button = (name, act, pressed) => {
    const made = element("button", name);
    made.type = "button";
    made.dataset.act = act;
    if (pressed !== undefined) made.setAttribute("aria-pressed", pressed);
    made.setAttribute("aria-description", titled(one));
    row.append(made);
    return made;
  };
  if (may("operate")) {
    if (!one.seen) button("Acknowledge", "acknowledge");
    button("Useful", "useful", one.verdict === "useful");
    button("Not useful", "not_useful", one.verdict === "not_useful");
  }
  const evidence = button("Evidence", "evidence");
  evidence.setAttribute("aria-expanded", "false");
  if (one.sources.length && !small) {
    const link = element("a", "Timeline", "button small");
    link.href = timelineOf(one.sources[0], one.t0);
    row.append(link);
  }
  row.onclick = async (e) => {
    const act = e.target.dataset?.act;
    if (act === "evidence") toggle(one, item, e.target);
    else if (act) await judge(one, act, item, said, small);
  };
  return row;
}

async function judge(one, act, item, said, small) {
  try {
    const answer = await api(`desk/incidents/${one.id}/${act}`, {});
    const list = item.parentElement, next = item.nextElementSibling;
    if (act === "acknowledge" && list.dataset.todo) { // done: on to the next
      item.remove();
      (next || list.lastElementChild)?.querySelector("button")?.focus();
    } else {
      const fresh = card(answer.incident, small);
      item.replaceWith(fresh);
      fresh.querySelector(".line").textContent = [judged(answer.incident), act === "acknowledge" ? "" : answer.line].filter(Boolean).join(" — ");
      fresh.querySelector(`[data-act="${act}"]`)?.focus();
    }
    announce(answer.line);
    dispatchEvent(new Event("heed-incidents"));
  } catch (error) { said.textContent = error.message; }
}

function toggle(one, item, button) {
  if (opened.delete(one.id)) {
    item.querySelector(".evidence")?.remove();
    button.setAttribute("aria-expanded", "false");
  } else {
    opened.set(one.id, null);
    show(one, item, button);
  }
}

async function show(one, item, button) {
  button.setAttribute("aria-expanded", "true");
  const box = element("div", "", "evidence"), list = element("ol", "", "moments");
  list.setAttribute("aria-label", "What it rests on");
  box.append(list);
  item.append(box);
  const fill = (moments) => {
    list.replaceChildren(...moments.map((m) => row(m)));
    if (!moments.length) box.replaceChildren(element("p", "What it rests on is no longer kept.", "hint"));
  };
  if (opened.get(one.id)) fill(opened.get(one.id));
  try {
    const found = await api(`desk/incidents/${one.id}`);
    if (opened.has(one.id)) opened.set(one.id, found.evidence);
    fill(found.evidence);
  } catch (error) { box.replaceChildren(element("p", error.message, "hint")); }
  if (opened.size > 50) opened.delete(opened.keys().next().value);
}

// --- the view of all incidents -----------------------------------------------------------------------------------

const form = $("incident-filter"), list = $("incidents");
const wanted = () => ({ open: form.open.value, severity: form.severity.value, camera: form.camera.value, limit: 30 });

export async function showAll() {
  if (!me.archive) return;
  list.toggleAttribute("data-todo", false);
  const found = await fill(list, wanted());
  $("more-incidents").hidden = !found.more;
}

form.onchange = () => showAll().catch(() => {});
form.onsubmit = (e) => e.preventDefault();
$("more-incidents").onclick = async () => {
  const last = list.lastElementChild?.dataset.id;
  const found = await fill(list, { ...wanted(), before: last }, { append: true });
  $("more-incidents").hidden = !found.more;
  list.querySelector(`[data-id="${last}"]`)?.nextElementSibling?.querySelector("button")?.focus();
};

// The short list beside the wall.
export async function showTodo() {
  if (!me.archive) return;
  const todo = $("todo");
  todo.dataset.todo = "1";
  await fill(todo, { open: "1", limit: 15 }, { small: true });
}

export const said = (e) => `${e.severity}: ${spoken(e.text)}`;
