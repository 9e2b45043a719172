// The page for the person on duty: views, the socket that brings news, and who is logged in. No build, no third party.

import { $, announce, kept } from "../page.js";
import * as ask from "./ask.js";
import { api, logIn, may, me } from "./api.js";
import { show as showHealth, showArchive } from "./health.js";
import { showAll, showTodo } from "./incidents.js";
import { show as showRules } from "./rules.js";
import { show as showTimeline } from "./timeline.js";
import { refresh } from "./wall.js";

const VIEWS = {
  now: () => showTodo(), incidents: showAll, timeline: showTimeline, ask: () => {}, rules: showRules, health: showHealth, archive: showArchive,
};
let view = "", socket = null, retryMs = 500, news = 0;

const allowed = (name) => (name !== "archive" || may("administer")) && (me.all || !["rules", "health"].includes(name));

function trouble(text) {
  $("trouble").hidden = !text;
  $("trouble").textContent = text;
}

// What the address says after "#": a view, and perhaps what to show in it.
async function go(focus = true) {
  const [name, more] = location.hash.slice(1).split("?");
  if (name === "main") return;
  const wanted = VIEWS[name] && allowed(name) ? name : "now";
  const changed = wanted !== view;
  view = wanted;
  for (const key of Object.keys(VIEWS)) $(`view-${key}`).hidden = key !== view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${view}`) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  document.title = `${$(`t-${view}`).textContent} – heed desk`;
  if (changed && focus) {
    $("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  try {
    await VIEWS[view](new URLSearchParams(more));
    trouble(me.archive ? "" : missing());
  } catch (error) { trouble(error.message); }
}

const missing = () => (["incidents", "timeline"].includes(view) ? "The archive is off, so nothing is kept to be shown here: switch it on with [archive] enabled = true in config.toml." : "");

async function tick() {
  try {
    const { cameras, unseen } = await refresh();
    badge("unseen", unseen, "not acknowledged");
    badge("ill", cameras.filter((c) => c.state === "failed").length, "with a fault");
    trouble(me.archive ? "" : missing());
  } catch (error) { trouble(error.message); }
}

function badge(id, n, words) {
  $(id).hidden = !n;
  $(id).textContent = n >= 100 ? "99+" : n;
  $(id).setAttribute("aria-label", `${n} ${words}`);
}

// An alert is in the archive a moment after it was told.
function changed() {
  clearTimeout(news);
  news = setTimeout(() => {
    tick();
    if (view === "now") showTodo().catch(() => {});
    if (view === "incidents" && !$("view-incidents").contains(document.activeElement)) showAll().catch(() => {});
  }, 600);
}
addEventListener("heed-incidents", changed);

function listen() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/api/events`);
  socket.onopen = () => {
    retryMs = 500;
    link("ok", "online");
    changed(); // what came before it was open, or while it was lost
  };
  socket.onmessage = (m) => {
    let e;
    try { e = JSON.parse(m.data); } catch { return; }
    if (e.type === "alert") {
      if (e.phase === "new") announce(`${e.severity}: ${e.text}`);
      changed();
    } else if (e.type === "health") {
      if (view === "health") showHealth().catch(() => {});
    } else ask.receive(e);
  };
  socket.onclose = async (e) => {
    ask.unanswered();
    if (e.code === 4401) {
      link("bad", "logged out");
      await logIn();
      location.reload(); // somebody else may have logged in, with another role
      return;
    }
    link("bad", "heed does not answer");
    setTimeout(listen, retryMs);
    retryMs = Math.min(2 * retryMs, 10000);
  };
}

ask.through((line) => {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(line);
  return true;
});

function link(kind, text) {
  $("link").dataset.state = kind;
  $("link").textContent = text;
}

$("logout").onclick = async () => {
  await api("logout", {}).catch(() => {});
  kept.set(sessionStorage, "heed-token", "");
  location.reload();
};

async function start() {
  try {
    Object.assign(me, await api("desk/me"));
  } catch (error) {
    trouble(error.message);
    setTimeout(start, 3000);
    return;
  }
  trouble("");
  $("my-name").textContent = me.name === "local" ? "" : `${me.name} (${me.role}s)`;
  $("logout").hidden = me.name === "local";
  for (const part of document.querySelectorAll("[data-needs]")) part.hidden = !may(part.dataset.needs);
  for (const part of document.querySelectorAll("[data-all]")) part.hidden ||= !me.all;
  await tick();
  if (me.all) listen();
  else link("ok", "some cameras"); // what the socket tells is of all: news is asked for instead
  await go(false);
  addEventListener("hashchange", () => go());
  setInterval(() => { if (!document.hidden) tick(); }, 3000);
  setInterval(() => { if (!document.hidden && view === "now") showTodo().catch(() => {}); }, me.all ? 20000 : 4000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}

start();
