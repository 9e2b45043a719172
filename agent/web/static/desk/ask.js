// Ask and search. An answer names what it rests on; each of that is fetched, with its picture, and stands under it.

import { $, element, spoken } from "../page.js";
import { api, me, query } from "./api.js";
import { row } from "./moments.js";

const KEEP = 20;
const live = new Map(); // id -> percept that came over the socket: what there is where no archive is
let pending = []; // questions without an answer: { text, item }
let send = () => false;

export const through = (way) => { send = way; };

export function receive(e) {
  if (e.type === "percept") {
    live.set(e.id, e);
    if (live.size > 1000) live.delete(live.keys().next().value);
  } else if (e.type === "reply_delta" && pending.length) pending[0].told.textContent += e.text;
  else if (e.type === "reply" && !e.unasked) answer(e);
}

export function unanswered() { // the line was lost: what was asked will not be answered
  for (const one of pending) one.told.textContent = "The connection was lost before the answer. Ask again.";
  pending = [];
}

async function answer(e) {
  const at = Math.max(0, pending.findIndex((p) => p.text === e.question));
  const [asked] = pending.splice(at, 1);
  if (!asked) return;
  const numbers = new Map();
  const sentences = (e.sentences || []).filter((s) => s.text);
  asked.told.replaceChildren();
  let rest = e.text;
  for (const one of sentences) {
    const begin = rest.indexOf(one.text);
    if (begin < 0) continue;
    asked.told.append(rest.slice(0, begin + one.text.length));
    rest = rest.slice(begin + one.text.length);
    for (const id of one.evidence) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    if (one.evidence.length) asked.told.append(element("sup", one.evidence.map((id) => numbers.get(id)).join(" ")));
  }
  asked.told.append(rest);
  for (const id of e.evidence || []) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
  if (numbers.size) asked.item.append(await cited(numbers));
  else asked.item.append(element("p", "It names no moment that this rests on.", "hint"));
}

async function cited(numbers) {
  const box = element("div", "", "evidence"), list = element("ol", "", "moments");
  list.setAttribute("aria-label", "What the answer rests on");
  box.append(list);
  const ids = [...numbers.keys()];
  const found = me.archive ? (await api(`desk/evidence?${query({ id: ids })}`).catch(() => ({ moments: [] }))).moments : [];
  for (const id of ids) {
    const kept = found.find((m) => m.for === id), mark = `[${numbers.get(id)}]`;
    if (kept) list.append(row(kept, { mark }));
    else list.append(loose(id, mark));
  }
  return box;
}

function loose(id, mark) {
  const item = element("li"), percept = live.get(id), image = element("img");
  image.src = `api/picture/${id.split("/").map(encodeURIComponent).join("/")}`;
  image.alt = "The picture of that moment";
  image.onerror = () => image.remove();
  const told = element("p", `${mark} ${percept ? percept.text : "from before this page was opened"} `);
  told.append(element("small", spoken(id.slice(0, id.lastIndexOf("/")))));
  item.append(image, told);
  return item;
}

$("ask-form").onsubmit = (e) => {
  e.preventDefault();
  const text = $("question").value.trim();
  if (!text) return;
  if (!me.all) { // an answer may rest on any camera
    $("search").click();
    return;
  }
  const item = element("li"), told = element("p", "", "told");
  item.append(element("p", text, "asked"), told);
  $("answers").prepend(item);
  while ($("answers").childElementCount > KEEP) $("answers").lastChild.remove();
  if (send(JSON.stringify({ type: "ask", text }))) pending.push({ text, item, told });
  else told.textContent = "heed is not connected: this was not sent.";
  $("question").value = "";
};

$("search").onclick = async () => {
  const text = $("question").value.trim(), list = $("found");
  $("t-found").hidden = false;
  list.replaceChildren(element("li", "searching …"));
  try {
    const found = await api(`desk/search?${query({ q: text, limit: 20 })}`);
    list.replaceChildren(...found.moments.map((m) => row(m)));
    if (!found.moments.length) list.replaceChildren(element("li", "Nothing of the kind was found."));
  } catch (error) { list.replaceChildren(element("li", error.message)); }
};
