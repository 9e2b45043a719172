// What a sentence of an answer rests on: opened under it by a click or Enter, with the picture of that moment or what
// was said then.

import { clock, element, headers, remember, spoken } from "./page.js";

const percepts = new Map(); // id -> event, for as long as anybody may ask
const rows = new Map(); // id -> where it stands on the page
const pictures = new Map(); // id -> data URL, or "" where none is kept
let opened = null; // the sentence whose evidence is open: { button, list }

export const know = (event) => remember(percepts, event.id, event, 2000);
export const place = (id, row) => remember(rows, id, row, 2000);

// Fetched rather than linked: the token goes in a header.
async function picture(id) {
  if (!pictures.has(id)) {
    const path = id.split("/").map(encodeURIComponent).join("/");
    const response = await fetch(`api/picture/${path}`, { headers: headers() }).catch(() => null);
    if (!response) return "";
    const data = response.ok ? await response.blob() : null;
    remember(pictures, id, data ? await dataUrl(data) : "", 50);
  }
  return pictures.get(id);
}

function dataUrl(blob) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => done("");
    reader.readAsDataURL(blob);
  });
}

// One percept as a list item.
function item(id) {
  const event = percepts.get(id), row = element("li"), told = element("span");
  if (event) {
    told.append(element("time", clock(event.t0)), ` ${event.text} `, element("small", spoken(event.source)));
    if (event.kind === "speech" || event.kind === "text") {
      told.className = "heard";
      row.append(told);
      return row;
    }
  } else told.textContent = "from before this page was opened";
  row.append(told);
  picture(id).then((data) => {
    if (!data) return;
    const shown = element("img");
    shown.alt = event ? `The picture of that moment: ${event.text}` : "The picture of that moment";
    shown.src = data;
    shown.onload = () => row.scrollIntoView({ block: "nearest" });
    row.prepend(shown);
  });
  return row;
}

function toggle(button, list, ids) {
  const same = opened && opened.button === button;
  close();
  if (same) return;
  opened = { button, list };
  button.setAttribute("aria-expanded", "true");
  list.hidden = false;
  list.replaceChildren(...ids.map(item));
  for (const row of ids.map((id) => rows.get(id))) if (row && row.isConnected) row.classList.add("on");
  list.scrollIntoView({ block: "nearest" });
}

// Closes what is open; false if nothing was.
export function close() {
  if (!opened) return false;
  opened.button.setAttribute("aria-expanded", "false");
  opened.list.hidden = true;
  opened.list.replaceChildren();
  opened = null;
  for (const row of document.querySelectorAll(".on")) row.classList.remove("on");
  return true;
}

// A sentence that can be opened; `mark` is shown raised behind it.
function sentence(text, ids, list, mark) {
  const button = element("span", text, "sentence"); // a <button> would not wrap like text
  button.tabIndex = 0;
  button.setAttribute("role", "button");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-description", "shows what this rests on");
  const raised = element("sup", mark);
  raised.setAttribute("aria-hidden", "true");
  button.append(raised);
  button.onclick = () => toggle(button, list, ids);
  button.onkeydown = (key) => {
    if (key.key === "Enter" || key.key === " ") {
      key.preventDefault();
      button.click();
    }
  };
  return button;
}

// The nodes of a finished answer: its sentences, those that rest on something as buttons, and the list they open.
export function answer(e) {
  const list = element("ul", "", "because"), numbers = new Map(), nodes = [];
  list.hidden = true;
  const mark = (ids) => {
    for (const id of ids) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return ids.map((id) => numbers.get(id)).join(" ");
  };
  const said = e.spoken && e.spoken.length < e.text.length && e.text.startsWith(e.spoken) ? e.spoken.length : e.text.length;
  let told = 0;
  const plain = (end) => {
    if (told < Math.min(end, said)) nodes.push(e.text.slice(told, Math.min(end, said)));
    if (end > Math.max(told, said)) nodes.push(element("s", e.text.slice(Math.max(told, said), end)));
    told = Math.max(told, end);
  };
  for (const one of e.sentences || []) {
    const at = one.text ? e.text.indexOf(one.text, told) : -1;
    if (at < 0 || !one.evidence.length) continue;
    plain(at);
    nodes.push(sentence(one.text, one.evidence, list, mark(one.evidence)));
    told = at + one.text.length;
  }
  plain(e.text.length);
  if (!numbers.size && e.evidence.length) nodes.push(" ", sentence("why", e.evidence, list, mark(e.evidence)));
  return [...nodes, list];
}
