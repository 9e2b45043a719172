// The conversation: who said what, as it is said, and the agent's answers as they are spoken.

import { answer, know, place } from "./evidence.js";
import { $, announce, clock, element, remember, spoken } from "./page.js";
import { Spoken } from "./spoken.js";
import { RollUp, Translations } from "./subtitles.js";

const KEEP = 200;
const CAPTION_MS = 6000;
const log = $("log");
const partials = new Map(); // speaker -> the grey entry of what is being said
const spokenLast = new Map(); // speaker -> the entry of what was said last
const replies = new Map(); // conversation and generation -> { item, words, spoken, deltas }
const captions = new Map(); // speaker -> { line, timer, under }
const rollUp = new RollUp(); // the lines of subtitles, where they are switched on
const translations = new Translations();
const names = new Map(); // source -> what people call whoever is there
let sent = []; // what was typed here and may come back as an event
let asked = []; // what was said and typed last, to tell whose question an answer belongs to

// Set by the page: who the user is, and whether answers are to be heard or read.
export const me = { name: "", speaker: "", shown: "", room: "", aloud: false };

export const mine = (e) => !e.source || !me.room || e.source === me.room || e.source === me.name;
const speaker = (e) => e.speaker || e.source || "";
const isMe = (who) => who === me.name || (Boolean(me.speaker) && who === me.speaker);
const plain = (text) => text.replaceAll('"', "'").replace(/\s+/g, " ").trim();

const asking = (text) => { asked = [...asked.slice(-19), plain(text)]; };
// A question may have been said in several goes, and others may have been asked since.
const known = (question) => !asked.reduceRight((rest, said) => rest.replace(said, ""), plain(question)).trim();

// The end stays in view, also while a phone's keyboard opens, unless the reader scrolled back.
let atEnd = true;
const follow = () => { if (atEnd) log.scrollTop = log.scrollHeight; };
log.addEventListener("scroll", () => { atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80; }, { passive: true });
new ResizeObserver(follow).observe(log);

function add(className, ...content) {
  const item = element("li", "", className);
  item.append(...content);
  log.append(item);
  while (log.children.length > KEEP) log.firstChild.remove();
  follow();
  return item;
}

export const note = (text, className = "note") => add(className, text);

// Whose words they are; nobody's needs saying twice in a row, nor one's own.
function label(who) {
  const name = element("b", isMe(who) ? "You" : spoken(who));
  if (isMe(who)) name.className = "unseen";
  return name;
}

function entry(who, text, className = "") {
  const item = add(`said ${isMe(who) ? "mine" : "other"} ${className}`, label(who), element("span", text));
  if (!isMe(who)) item.style.setProperty("--hue", [...who].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 360, 7));
  return item;
}

function caption(who, text, firm) {
  let shown = captions.get(who);
  if (!shown) {
    shown = { line: element("p"), under: element("span", "", "translated") };
    captions.set(who, shown);
    $("captions").append(shown.line);
    if (captions.size > 3) uncaption(captions.keys().next().value);
  }
  const words = element("span", text, firm ? "" : "partial");
  if (!isMe(who)) words.prepend(element("b", `${spoken(who)}: `));
  shown.line.replaceChildren(words, shown.under);
  linger(who, shown);
}

function linger(who, shown) {
  clearTimeout(shown.timer);
  shown.timer = setTimeout(() => uncaption(who), CAPTION_MS);
}

// Under the words that were translated, over the picture and in the conversation.
function translated(who, e) {
  if (!captions.has(who)) caption(who, rollUp.text(who) || e.original, true);
  const shown = captions.get(who);
  shown.under.textContent = e.text;
  shown.under.lang = e.lang;
  linger(who, shown);
  const said = spokenLast.get(who);
  if (!said || !plain(said.children[1].textContent).includes(plain(e.original))) return;
  const line = said.querySelector("small") || element("small");
  line.textContent = line.lang === e.lang ? `${line.textContent} ${e.text}` : e.text;
  line.lang = e.lang;
  said.append(line);
  follow();
}

function uncaption(who) {
  rollUp.clear(who);
  captions.get(who)?.line.remove();
  captions.delete(who);
}

export function clearCaptions() {
  for (const who of [...captions.keys()]) uncaption(who);
}

// What the user typed here.
export function typed(text) {
  sent = [...sent.slice(-9), plain(text)];
  asking(text);
  atEnd = true;
  entry(me.name, text);
}

function reply(e) {
  const key = `${e.source || ""} ${e.generation}`;
  let one = replies.get(key);
  if (!one) {
    const words = element("span");
    one = { item: add("reply", element("b", "heed"), words), words, spoken: new Spoken(words), deltas: "", generation: e.generation };
    one.item.dataset.state = "thinking";
    remember(replies, key, one, 50);
  }
  return one;
}

// Who else is in the call.
export function present(people) {
  for (const { source, name } of people) remember(names, source, name, 50);
  const others = people.filter((one) => one.source !== me.name).map((one) => one.name), text = others.length ? `with ${others.join(", ")}` : "";
  $("people").hidden = !text;
  $("people").textContent = text;
}

export const show = {
  people(e) {
    if (Array.isArray(e.people)) present(e.people.map((one) => ({ source: String(one.source), name: String(one.name) })));
  },

  partial(e) {
    const who = speaker(e), old = partials.get(who);
    if (!rollUp.on) caption(who, e.text, false);
    if (old) old.lastChild.textContent = e.text;
    else remember(partials, who, entry(who, e.text, "partial"), 20);
    follow();
  },

  transcript(e) {
    const who = speaker(e), old = partials.get(who);
    if (!rollUp.on) caption(who, e.text, true);
    partials.delete(who);
    asking(e.text);
    const said = old || entry(who, e.text);
    remember(spokenLast, who, said, 20);
    said.children[1].textContent = e.text;
    said.classList.remove("partial");
    follow();
  },

  percept(e) {
    know(e);
    if (e.kind === "speech") return; // the transcript is in the conversation
    if (e.kind === "text") {
      const text = e.text.replace(/^[^"]*"|"$/g, ""), mineToo = sent.indexOf(text);
      if (mineToo < 0) place(e.id, entry(speaker(e), text));
      else sent.splice(mineToo, 1); // shown when it was sent
      return;
    }
    const row = element("li"), what = element("span", e.text);
    if (!isMe(e.source)) what.append(" ", element("small", names.get(e.source) || spoken(e.source)));
    row.append(element("time", clock(e.t0)), what);
    place(e.id, row);
    $("percepts").prepend(row);
    while ($("percepts").children.length > KEEP) $("percepts").lastChild.remove();
  },

  // Read as it is made; when it is heard, the words come with `speaking` instead.
  reply_delta(e) {
    if (!mine(e)) return;
    const one = reply(e);
    one.deltas += e.text;
    if (!me.aloud) one.words.textContent = one.deltas.trimStart();
    follow();
  },

  speaking(e) {
    if (!mine(e)) return;
    const one = reply(e);
    if (!one.heard && one.words.textContent) one.words.textContent = ""; // it was being read
    one.heard = true;
    one.item.dataset.state = "speaking";
    one.spoken.say(e.text, e.duration_s);
    caption("heed", e.text, true);
    follow();
  },

  turn(e) {
    if (!mine(e)) return;
    for (const one of replies.values()) {
      if (!one.heard || one.done) continue;
      if (one.generation < e.generation) one.spoken.cut();
      else if (e.state === "speaking") one.spoken.go();
      else if (e.state === "listening") one.spoken.finish();
      else if (e.state !== "thinking") one.spoken.hold();
    }
  },

  reply(e) {
    if (!mine(e)) return;
    if (e.question && !known(e.question)) // asked elsewhere: typed by somebody else, or on another screen
      log.insertBefore(entry(e.source && e.source !== me.room ? e.source : "somebody", e.question, "elsewhere"), reply(e).item);
    const one = reply(e);
    one.spoken.finish();
    one.done = true;
    delete one.item.dataset.state;
    const cut = Boolean(e.spoken) && e.spoken.trim().length < e.text.trim().length;
    const notes = [e.unasked ? "unasked" : "", cut ? "interrupted; what is struck out was not said" : ""].filter(Boolean);
    one.item.replaceChildren(element("b", "heed"), ...answer(e));
    if (notes.length) one.item.append(element("small", notes.join(" · ")));
    if (!e.text.trim()) one.item.remove();
    if (!me.aloud) announce(`heed: ${e.text}`);
    follow();
  },

  caption(e) { caption(speaker(e), rollUp.add(speaker(e), e), true); },
  translation(e) { if (translations.wants(e.lang)) translated(speaker(e), e); },

  alert(e) {
    const severity = e.severity === "alarm" ? "alert alarm" : "alert";
    add(severity, element("span", e.text), element("small", `${clock(e.t)} ${e.rule}${e.phase === "end" ? ", over" : ""}`));
    if (e.phase === "new") announce(`Alert: ${e.text}`);
  },

  health(e) { if (e.state !== "ok") note(`${e.component}: ${e.reason}`); },
  error(e) { note(e.reason); },
};
