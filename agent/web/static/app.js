// The page of heed: joins a call, shows what is perceived and answered, sends what is typed. No build, no third party.

import { Call } from "./call.js";
import { close as closeEvidence } from "./evidence.js";
import { chosen, listDevices, open, openAll, useSpeaker } from "./media.js";
import { $, arrived, headers, kept, login, personName, plainName, spoken, token } from "./page.js";
import { Presence } from "./presence.js";
import { clearCaptions, me, mine, note, present, show, typed } from "./talk.js";

const presence = new Presence();
const wants = { mic: true, voice: true, remarks: true };
let socket = null, retryMs = 500, countdown = 0;

const call = new Call({
  phase: onPhase,
  line: receive,
  sound(stream) {
    $("reply").srcObject = stream;
    presence.listen("theirs", stream);
  },
  open() { // heed knows nothing yet of what was switched in the call before
    if (!wants.voice) command({ type: "mute", on: true });
    if (!wants.remarks) command({ type: "remarks", on: false });
  },
});

// --- what comes in -----------------------------------------------------------------------------------------------

function receive(raw, wanted = () => true) {
  let e;
  try { e = JSON.parse(raw); } catch { return; }
  if (!e || typeof e.type !== "string" || !wanted(e)) return;
  if (typeof e.t === "number") arrived(e.t);
  if (Object.hasOwn(show, e.type)) show[e.type](e);
  if (mine(e) || e.type === "partial") follow(e);
}

// Over the socket come all conversations. What is said in other people's calls is theirs; written ones are "web-1".
function overheard(e) {
  switch (e.type) {
    case "partial":
    case "transcript":
    case "caption":
    case "translation":
      return !e.speaker || (call.active && (e.speaker === me.speaker || e.speaker === me.name));
    case "reply":
    case "reply_delta":
    case "speaking":
    case "turn":
      return call.active ? mine(e) : String(e.source).startsWith("web-");
    case "percept":
      return !call.active || e.source === me.name;
    default:
      return true;
  }
}

// The turns of this conversation.
function follow(e) {
  if (e.type === "turn") {
    presence.set({ turn: e.state });
    $("presence").title = e.reason || "";
    if (e.latency_s != null) $("latency").textContent = `answered after ${e.latency_s.toFixed(1)} s`;
  } else if (e.type === "partial" && e.speaker) presence.set({ who: [me.name, me.speaker].includes(e.speaker) ? "you" : spoken(e.speaker) });
  else if (e.type === "reply" && !call.active) presence.set({ turn: "listening" });
}

async function listen() {
  // Asked first: a socket without the token would be kept waiting for it.
  const asked = await fetch("api/ice", { headers: headers() }).catch(() => null);
  if (asked?.status === 401) {
    link("bad", "a token is needed");
    await login();
    return listen();
  }
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/api/events`);
  socket.onopen = () => {
    if (token.get()) socket.send(JSON.stringify({ type: "auth", token: token.get() }));
    retryMs = 500;
    link("ok", "online");
  };
  // During a call the same lines come over its data channel, but for what is said of a call that has ended.
  socket.onmessage = (m) => {
    if (!call.talks) receive(m.data, overheard);
    taken(m.data);
  };
  socket.onclose = (e) => {
    if (e.code !== 4401) link("bad", "heed does not answer");
    setTimeout(listen, e.code === 4401 ? 0 : retryMs);
    retryMs = Math.min(2 * retryMs, 10000);
  };
  return undefined;
}

function link(kind, text) {
  $("link").dataset.state = kind;
  $("link").textContent = text;
}

// Somebody (the same person elsewhere, most likely) joined under this name: calling again would put them out in turn.
function taken(raw) {
  if (call.phase !== "in" && call.phase !== "lost") return;
  if (!raw.includes('"replaced by')) return;
  let e;
  try { e = JSON.parse(raw); } catch { return; }
  if (e.type === "health" && e.component === `call:${me.name}`) call.end("Somebody joined under your name from elsewhere. Join under another one.");
}

function command(value) {
  const line = JSON.stringify(value);
  if (call.say(line)) return true;
  if (socket && socket.readyState === WebSocket.OPEN) {
    socket.send(line);
    return true;
  }
  note("Not connected: this was not sent.");
  return false;
}

// --- the call ----------------------------------------------------------------------------------------------------

function onPhase(phase, why, againInS) {
  const active = phase !== "none", had = !$("controls").hidden;
  clearInterval(countdown);
  presence.set({ phase, why, ...(phase === "in" || !active ? { turn: "listening" } : {}) });
  me.aloud = active && wants.voice;
  $("picture").dataset.call = phase;
  $("join").hidden = active;
  $("controls").hidden = !active;
  $("lost").hidden = phase !== "lost";
  $("call").disabled = false;
  if (phase === "lost") {
    let left = Math.ceil(againInS);
    const tell = () => { $("lost-why").textContent = `${why} Calling again ${left > 0 ? `in ${left} s` : "now"}.`; };
    tell();
    countdown = setInterval(() => { left -= 1; tell(); }, 1000);
  }
  if (active) return;
  $("self").srcObject = null;
  $("reply").srcObject = null;
  presence.listen("mine", null);
  presence.listen("theirs", null);
  panel(false);
  clearCaptions();
  present([]);
  $("who").hidden = $("blank").hidden = true;
  $("problem").textContent = why;
  me.room = "";
  if (had) $("call").focus();
}

async function join() {
  const shown = $("name").value.trim();
  const guest = kept.get(sessionStorage, "heed-guest") || `guest-${Math.random().toString(36).slice(2, 6)}`;
  kept.set(sessionStorage, "heed-guest", guest);
  kept.set(localStorage, "heed-name", shown);
  me.name = plainName(shown) || guest;
  me.speaker = personName(shown);
  me.shown = me.speaker || "You";
  me.room = plainName($("room").value) || me.name;
  $("problem").textContent = "";
  $("call").disabled = true;
  const kinds = [...($("with-mic").checked ? ["audio"] : []), ...($("with-cam").checked ? ["video"] : [])];
  try {
    presence.listen("theirs", null); // within the click: sound may start only by the user's doing
    const { tracks, problems } = await openAll(kinds);
    for (const problem of problems) note(problem);
    wants.mic = true;
    tracks.forEach(attend);
    $("who").textContent = me.shown;
    $("who").hidden = false;
    await call.start(me.name, me.speaker, me.room, tracks);
  } catch (error) {
    $("problem").textContent = error.message;
    $("call").disabled = false;
    presence.set({ phase: "none" });
    return;
  }
  mirror();
  listDevices();
  if (call.active) $("mic").focus();
}

// Says so when a device is unplugged.
function attend(track) {
  const name = track.kind === "audio" ? "microphone" : "camera";
  track.onended = async () => {
    note(`The ${name} is gone. Choose another under Options.`);
    await call.change(track.kind, null);
    mirror();
  };
  return track;
}

// Shows the devices as they are: own picture, buttons, level.
function mirror() {
  const { audio, video } = call.tracks;
  if (audio) audio.enabled = wants.mic;
  $("self").srcObject = video ? new MediaStream([video]) : null;
  $("blank").hidden = !call.active || Boolean(video);
  $("blank").textContent = "Your camera is off";
  press($("mic"), !audio || !wants.mic, audio && wants.mic ? "Mute" : "Unmute");
  press($("cam"), !video, video ? "Camera off" : "Camera on");
  presence.listen("mine", audio ? new MediaStream([audio]) : null);
  presence.set({ muted: call.active && (!audio || !wants.mic) });
}

// The name of a button says what it does now; pressed means that something is off.
function press(button, off, text) {
  button.setAttribute("aria-pressed", off);
  button.lastElementChild.textContent = text;
}

async function change(kind, get) {
  try {
    const track = get ? attend(await get()) : null;
    await call.change(kind, track);
  } catch (error) { note(error.message); }
  mirror();
  listDevices();
}

function panel(shown) {
  $("panel").hidden = !shown;
  $("options").setAttribute("aria-expanded", shown);
  if (shown) listDevices();
}

// --- controls ----------------------------------------------------------------------------------------------------

$("join").onsubmit = (e) => { e.preventDefault(); join(); };
$("leave").onclick = $("give-up").onclick = () => call.end();
$("again").onclick = () => call.again();
$("stop").onclick = () => command({ type: "interrupt" });
$("options").onclick = () => panel($("panel").hidden);
$("mic").onclick = async () => {
  wants.mic = !call.tracks.audio || !wants.mic;
  if (!call.tracks.audio) await change("audio", () => open("audio"));
  mirror();
};
$("cam").onclick = () => change("video", call.tracks.video ? null : () => open("video"));
$("mics").onchange = () => { chosen.audio = $("mics").value; change("audio", () => open("audio")); };
$("cams").onchange = () => { chosen.video = $("cams").value; change("video", () => open("video")); };
$("speakers").onchange = () => useSpeaker($("speakers").value).catch((error) => note(`This loudspeaker cannot be used: ${error.message}`));
$("voice").onchange = () => {
  wants.voice = $("voice").checked;
  me.aloud = call.active && wants.voice;
  command({ type: "mute", on: !wants.voice });
};
$("remarks").onchange = () => {
  wants.remarks = $("remarks").checked;
  command({ type: "remarks", on: wants.remarks });
};
$("invite").onclick = async () => {
  const address = `${location.origin}${location.pathname}#room=${encodeURIComponent(me.room)}`;
  const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  note(copied ? "The link is copied. Whoever opens it joins this conversation." : `Join this conversation at ${address}`);
};
$("form").onsubmit = (e) => {
  e.preventDefault();
  const text = $("text").value.trim();
  if (!text || !command({ type: "text", text })) return;
  typed(text);
  if (!call.active) presence.set({ turn: "thinking" });
  $("text").value = "";
};
addEventListener("keydown", (e) => {
  if (e.key !== "Escape" || $("login").open) return;
  const busy = ["thinking", "speaking", "holding"].includes(presence.turn);
  if (busy) command({ type: "interrupt" });
  else if (!closeEvidence() && !$("panel").hidden) {
    panel(false);
    $("options").focus();
  }
});
$("self").onresize = () => {
  const { videoWidth: width, videoHeight: height } = $("self");
  if (width) $("picture").style.setProperty("--shape", `${width} / ${height}`);
};
navigator.mediaDevices?.addEventListener("devicechange", listDevices);
addEventListener("pagehide", () => { if (call.active) call.end(); });

// --- start -------------------------------------------------------------------------------------------------------

const given = new URLSearchParams(location.hash.slice(1));
if (given.get("token")) token.set(given.get("token"));
if (given.get("room")) $("room").value = given.get("room");
if (location.hash) history.replaceState(null, "", location.pathname);
$("name").value = kept.get(localStorage, "heed-name");
if (matchMedia("(max-width: 46rem)").matches) $("seen").open = false;
presence.set({});
listen();
