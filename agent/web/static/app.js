"use strict";
// The page of heed: joins a call, shows what is perceived and answered, sends what is typed. No build, no third party.
// Everything that arrives is shown as text (textContent), never as markup: what a camera reads is not to be trusted.

const $ = (id) => document.getElementById(id);
const KEEP = 200;
const texts = new Map(); // percept id -> its text, for the evidence of replies
const places = new Map(); // percept id -> where it stands on the page
const seen = new Map(); // element by key: the one partial of a source, the reply of a generation
let socket = null, retry = 500, pc = null, channel = null, place = null, stream = null, voice = true;

const token = {
  get: () => sessionStorage.getItem("heed-token") || "",
  set: (value) => sessionStorage.setItem("heed-token", value),
};
if (location.hash.startsWith("#token=")) {
  token.set(decodeURIComponent(location.hash.slice(7)));
  history.replaceState(null, "", location.pathname);
}
const headers = (more) => (token.get() ? { Authorization: `Bearer ${token.get()}`, ...more } : { ...more });

function state(kind, text) {
  $("state").dataset.state = kind;
  $("state").textContent = text;
}

function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds)), two = (n) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function element(kind, text, className) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function entry(className, text, note) {
  const log = $("log"), atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const item = element("li", text, className);
  if (note) item.append(element("small", note));
  log.append(item);
  while (log.children.length > KEEP) log.firstChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
  return item;
}

function remember(map, key, value) {
  map.set(key, value);
  if (map.size > 5 * KEEP) map.delete(map.keys().next().value);
}

function caption(text) {
  $("caption").replaceChildren(...(text ? [element("span", text)] : []));
  clearTimeout(caption.timer);
  caption.timer = setTimeout(() => $("caption").replaceChildren(), 6000);
}

// An answer whose sentences can be clicked or focused: they then show the percepts they rest on.
function answer(item, e) {
  const numbers = new Map(), because = element("ul", "", "because");
  const parts = [];
  let told = 0;
  for (const sentence of e.sentences || []) {
    const at = e.text.indexOf(sentence.text, told);
    if (at < 0 || !sentence.text) continue; // the answer was cut off before it
    parts.push(e.text.slice(told, at));
    told = at + sentence.text.length;
    if (!sentence.evidence.length) { parts.push(sentence.text); continue; }
    for (const id of sentence.evidence) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    const button = element("span", sentence.text, "sentence"); // a <button> would not wrap like text
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.append(element("sup", sentence.evidence.map((id) => numbers.get(id)).join(" ")));
    button.setAttribute("aria-expanded", "false");
    const open = () => rest(button, because, sentence.evidence, numbers);
    button.onclick = button.onfocus = open;
    button.onkeydown = (key) => {
      if (key.key === "Escape") rest(null);
      else if (key.key === "Enter" || key.key === " ") { key.preventDefault(); open(); }
    };
    parts.push(button);
  }
  item.replaceChildren(...parts, e.text.slice(told), because);
  if (!numbers.size && e.evidence.length) // an older heed: the answer as a whole
    because.append(...e.evidence.map((id) => element("li", texts.get(id) || id)));
}

const resting = { button: null, because: null };
function rest(button, because, ids, numbers) {
  if (button && button === resting.button) return;
  if (resting.button) {
    resting.button.setAttribute("aria-expanded", "false");
    resting.because.replaceChildren();
    for (const row of document.querySelectorAll(".on")) row.classList.remove("on");
  }
  resting.button = button;
  resting.because = because;
  if (!button) return;
  button.setAttribute("aria-expanded", "true");
  because.append(...ids.map((id) => element("li", `${numbers.get(id)}  ${texts.get(id) || `${id}, no longer kept`}`)));
  for (const row of ids.map((id) => places.get(id))) if (row && row.isConnected) row.classList.add("on");
  because.scrollIntoView({ block: "nearest" });
}

const show = {
  partial(e) {
    const key = `partial ${e.source}`, old = seen.get(key);
    caption(e.text);
    if (old) old.textContent = e.text;
    else remember(seen, key, entry("said partial", e.text));
  },
  transcript(e) {
    const key = `partial ${e.source}`;
    if (seen.has(key)) seen.get(key).remove();
    seen.delete(key);
    caption(e.text);
    entry("said", e.text, e.speaker || e.source);
  },
  percept(e) {
    remember(texts, e.id, `${clock(e.t0)} ${e.source}: ${e.text}`);
    if (e.kind === "speech") return; // the transcript is in the conversation
    if (e.kind === "text") {
      const text = e.text.replace(/^[^"]*"|"$/g, ""), mine = current.sent.indexOf(text);
      if (mine < 0) remember(places, e.id, entry("said", text, e.source));
      else current.sent.splice(mine, 1); // shown when it was sent
      return;
    }
    const row = element("li", "");
    const what = element("span", e.text);
    what.append(" ", element("small", e.source));
    row.append(element("time", clock(e.t0)), what);
    remember(places, e.id, row);
    $("percepts").prepend(row);
    while ($("percepts").children.length > KEEP) $("percepts").lastChild.remove();
  },
  reply_delta(e) {
    const key = `reply ${e.generation}`;
    if (!seen.has(key)) remember(seen, key, entry("reply", ""));
    seen.get(key).textContent += e.text;
    $("log").scrollTop = $("log").scrollHeight;
    current.reply = key;
  },
  reply(e) {
    const item = seen.get(current.reply) || entry("reply", "");
    seen.delete(current.reply);
    answer(item, e);
  },
  caption(e) { caption(e.text); },
  translation(e) { caption(e.text); },
  alert(e) { entry(e.severity === "alarm" ? "alert alarm" : "alert", e.text, `${clock(e.t)} ${e.rule}${e.phase === "end" ? ", over" : ""}`); },
  health(e) { if (e.state !== "ok") entry("note", `${e.component}: ${e.reason}`); },
  error(e) { entry("note", e.reason); },
};
const current = { reply: "", sent: [] };

function receive(raw) {
  let event;
  try { event = JSON.parse(raw); } catch { return; }
  if (event && Object.hasOwn(show, event.type)) show[event.type](event);
}

function command(value) {
  const line = JSON.stringify(value);
  if (channel && channel.readyState === "open") channel.send(line);
  else if (socket && socket.readyState === WebSocket.OPEN) socket.send(line);
  else { entry("note", "not connected; it was not sent"); return false; }
  return true;
}

function listen() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/api/events`);
  socket.onopen = () => {
    if (token.get()) socket.send(JSON.stringify({ type: "auth", token: token.get() }));
    retry = 500;
    if (!pc) state("ok", "connected");
  };
  // During a call the same lines come over its data channel.
  socket.onmessage = (m) => { if (!channel || channel.readyState !== "open") receive(m.data); };
  socket.onclose = (e) => {
    if (e.code === 4401) { state("bad", "a token is needed"); $("login").showModal(); return; }
    state("bad", "heed does not answer; trying again");
    setTimeout(listen, retry);
    retry = Math.min(2 * retry, 10000);
  };
}

async function media() {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15, max: 30 } };
  let why = null;
  for (const wish of [{ audio, video }, { audio }, { video }]) {
    try { return await navigator.mediaDevices.getUserMedia(wish); } catch (error) { why = error; }
  }
  throw new Error(why.name === "NotAllowedError" ? "allow the camera and microphone in the browser first" : "no camera or microphone was found");
}

async function call() {
  if (!navigator.mediaDevices) throw new Error("the browser allows cameras only on https:// or localhost");
  state("wait", "calling …");
  stream = await media();
  $("self").srcObject = stream;
  $("hint").hidden = true;
  pc = new RTCPeerConnection({ iceServers: [] });
  channel = pc.createDataChannel("events");
  channel.onmessage = (m) => receive(m.data);
  stream.getTracks().forEach((track) => pc.addTrack(track, stream));
  if (!stream.getAudioTracks().length) pc.addTransceiver("audio", { direction: "recvonly" });
  pc.ontrack = (e) => { $("reply").srcObject = new MediaStream([e.track]); };
  pc.onconnectionstatechange = () => {
    if (!pc) return;
    if (pc.connectionState === "connected") state("ok", "in a call");
    if (pc.connectionState === "failed") hangUp("the call was lost");
  };
  await pc.setLocalDescription();
  await gathered(pc);
  const response = await fetch("api/call", { method: "POST", headers: headers({ "Content-Type": "application/sdp" }), body: pc.localDescription.sdp });
  const body = await response.text();
  if (response.status === 401) $("login").showModal();
  if (response.status !== 201) throw new Error(body.trim());
  place = response.headers.get("Location");
  await pc.setRemoteDescription({ type: "answer", sdp: body });
  controls();
}

function gathered(connection) {
  return new Promise((done) => {
    if (connection.iceGatheringState === "complete") return done();
    connection.addEventListener("icegatheringstatechange", () => connection.iceGatheringState === "complete" && done());
    setTimeout(done, 1000);
  });
}

function hangUp(why) {
  if (place) fetch(place, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});
  if (pc) pc.close();
  if (stream) stream.getTracks().forEach((track) => track.stop());
  pc = channel = place = stream = null;
  $("self").srcObject = null;
  $("hint").hidden = false;
  caption("");
  controls();
  const alive = socket && socket.readyState === WebSocket.OPEN;
  state(alive ? "ok" : "bad", alive ? "connected" : "heed does not answer; trying again");
  if (why) entry("note", why);
}

function toggle(button, name, tracks) {
  const on = button.getAttribute("aria-pressed") !== "true";
  tracks.forEach((track) => { track.enabled = on; });
  button.setAttribute("aria-pressed", on);
  button.textContent = `${name} ${on ? "on" : "off"}`;
  return on;
}

function controls() {
  $("call").textContent = pc ? "Hang up" : "Start call";
  $("call").classList.toggle("end", Boolean(pc));
  $("mic").hidden = !stream || !stream.getAudioTracks().length;
  $("cam").hidden = !stream || !stream.getVideoTracks().length;
  for (const [id, name] of [["mic", "Microphone"], ["cam", "Camera"]]) {
    $(id).setAttribute("aria-pressed", "true");
    $(id).textContent = `${name} on`;
  }
}

$("call").onclick = async () => {
  if (pc) return hangUp();
  $("call").disabled = true;
  try { await call(); } catch (error) { hangUp(`no call: ${error.message}`); }
  $("call").disabled = false;
};
$("mic").onclick = () => toggle($("mic"), "Microphone", stream.getAudioTracks());
$("cam").onclick = () => toggle($("cam"), "Camera", stream.getVideoTracks());
$("voice").onclick = () => { voice = toggle($("voice"), "Voice", []); command({ type: "mute", on: !voice }); };
$("stop").onclick = () => command({ type: "interrupt" });
$("form").onsubmit = (e) => {
  e.preventDefault();
  const text = $("text").value.trim();
  if (text && command({ type: "text", text })) {
    entry("said", text);
    current.sent = [...current.sent.slice(-9), text.replaceAll('"', "'").replace(/\s+/g, " ")];
  }
  $("text").value = "";
};
$("login").onclose = () => { token.set($("token").value.trim()); listen(); };
addEventListener("pagehide", () => { if (pc) hangUp(); });
listen();
