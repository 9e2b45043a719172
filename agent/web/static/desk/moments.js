// Moments of the archive as rows: time, picture, what happened. Text from outside is only ever shown as text.

import { $, element, spoken } from "../page.js";

const today = () => new Date().toDateString();
export const day = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

// "14:03:05", with the day where it is not today's.
export function told(iso, seconds = true) {
  const date = new Date(iso);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) });
  return date.toDateString() === today() ? time : `${date.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" })} ${time}`;
}

export function time(iso, withDay = true) {
  const shown = element("time", withDay ? told(iso) : new Date(iso).toLocaleTimeString("en-GB"));
  shown.dateTime = iso;
  return shown;
}

export const timelineOf = (source, iso) => `#timeline?${new URLSearchParams({ camera: source, day: day(new Date(iso)), hour: String(new Date(iso).getHours()) })}`;

// A small picture that a click makes large.
export function picture(id, alt, source, iso) {
  const shown = element("img");
  shown.loading = "lazy";
  shown.alt = alt;
  shown.src = `api/desk/picture/${id}`;
  shown.tabIndex = 0;
  shown.setAttribute("role", "button");
  shown.onerror = () => shown.remove();
  shown.onclick = () => enlarge(shown.src, alt, source, iso);
  shown.onkeydown = (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); shown.onclick(); } };
  return shown;
}

export function enlarge(src, alt, source, iso) {
  $("live-name").textContent = spoken(source);
  $("live-how").textContent = told(iso);
  $("live-timeline").href = timelineOf(source, iso);
  $("live-still").hidden = false;
  $("live-video").hidden = true;
  $("live-still").src = src;
  $("live-still").alt = alt;
  $("live").showModal();
}

export function row(moment, { place = true, withDay = true, mark = "" } = {}) {
  const item = element("li"), what = element("p", moment.text);
  item.dataset.id = moment.id;
  item.append(time(moment.t0, withDay));
  if (moment.picture) item.append(picture(moment.id, `The picture of that moment: ${moment.text}`, moment.source, moment.t0));
  const about = element("small");
  if (moment.kind === "alert") about.append(element("span", "alert", "tag info"), ` rule “${moment.source}”`);
  else if (place) {
    const link = element("a", spoken(moment.source));
    link.href = timelineOf(moment.source, moment.t0);
    about.append(link);
  }
  if (moment.confidence < 0.995) about.append(about.childNodes.length ? " · " : "", `${Math.round(100 * moment.confidence)} % sure`);
  if (about.childNodes.length) what.append(about);
  if (mark) what.prepend(element("sup", mark), " ");
  item.append(what);
  return item;
}
