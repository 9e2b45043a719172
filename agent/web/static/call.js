// A call that stays: one WebRTC connection after the other under the same name and room, until the user leaves.

import { headers, login } from "./page.js";

const PAUSES_S = [0.5, 1, 2, 4, 8, 15];
const GONE_MS = 3000; // a connection may be "disconnected" for a moment and come back by itself
const CONNECT_MS = 25000;
const GATHER_MS = 1000;

// `on` has: phase(phase, why, againInS), line(text), sound(stream), open(). Phases: "none", "calling", "in", "lost".
export class Call {
  constructor(on) {
    this.on = on;
    this.phase = "none";
    this.tracks = { audio: null, video: null };
    this.pc = this.channel = this.place = null;
    this.tries = 0;
    this.round = 0; // grows with every connection and end; what belongs to an older round is ignored
    this.timers = new Set();
    addEventListener("online", () => { if (this.phase === "lost") this.again(); });
    addEventListener("offline", () => { if (this.phase === "in") this.lose("This device has no network."); });
  }

  get active() { return this.phase !== "none"; }

  start(name, speaker, room, tracks) {
    this.name = name;
    this.speaker = speaker;
    this.room = room;
    this.tries = 0;
    for (const track of tracks) this.tracks[track.kind] = track;
    return this.again();
  }

  // Calls, or calls anew.
  async again() {
    const round = this.drop();
    this.to("calling");
    try {
      await this.connect(round);
    } catch (error) {
      if (round !== this.round) return;
      if (error.token) {
        await login();
        if (round === this.round) this.again();
      } else if (error.final) this.end(error.message);
      else this.lose(error.message, error.afterS);
    }
  }

  async connect(round) {
    const pc = new RTCPeerConnection({ iceServers: await iceServers() });
    if (round !== this.round) return pc.close();
    this.pc = pc;
    const channel = this.channel = pc.createDataChannel("events");
    channel.onmessage = (m) => { if (round === this.round) this.on.line(m.data); };
    channel.onopen = () => { if (round === this.round) this.on.open(); };
    channel.onclose = () => { if (round === this.round) this.lose("heed ended the connection."); };
    for (const kind of ["audio", "video"]) this.send(pc, kind);
    pc.ontrack = (e) => { if (round === this.round && e.track.kind === "audio") this.on.sound(new MediaStream([e.track])); };
    pc.onconnectionstatechange = () => { if (round === this.round) this.watch(pc); };
    this.after(CONNECT_MS, () => { if (pc.connectionState !== "connected") this.lose("No way to heed was found: is UDP blocked?"); });
    await pc.setLocalDescription();
    await gathered(pc);
    if (round !== this.round) return undefined;
    const answer = await this.offer(pc.localDescription.sdp, round);
    if (round === this.round) await pc.setRemoteDescription({ type: "answer", sdp: answer });
    return undefined;
  }

  // A track, or without one a place for it where that is free: it can then be filled without a new offer.
  send(pc, kind) {
    const track = this.tracks[kind];
    if (track) pc.addTransceiver(track, { direction: kind === "audio" ? "sendrecv" : "sendonly" });
    else if (kind === "audio") pc.addTransceiver("audio", { direction: "recvonly" });
  }

  async offer(sdp, round) {
    const query = new URLSearchParams({ name: this.name, speaker: this.speaker, room: this.room });
    // heed takes its own echo out of what we send, unless the browser says that it does.
    const sound = this.tracks.audio && this.tracks.audio.getSettings();
    if (sound && sound.echoCancellation) query.set("echo_cancellation", "on");
    const post = { method: "POST", headers: headers({ "Content-Type": "application/sdp" }), body: sdp };
    const response = await fetch(`api/call?${query}`, post).catch(() => {
      throw new Error(navigator.onLine ? "heed does not answer." : "This device has no network.");
    });
    const body = (await response.text()).trim();
    if (response.status === 201) {
      const place = response.headers.get("Location");
      if (round !== this.round) hangUp(place);
      else this.place = place;
      return `${body}\r\n`;
    }
    const error = new Error(`heed refused: ${body}`);
    error.token = response.status === 401;
    error.final = response.status >= 400 && response.status < 500 && !error.token;
    error.afterS = Number(response.headers.get("Retry-After")) || 0;
    throw error;
  }

  watch(pc) {
    switch (pc.connectionState) {
      case "connected":
        this.tries = 0;
        if (this.phase === "calling") this.to("in");
        break;
      case "disconnected":
        this.after(GONE_MS, () => { if (pc.connectionState === "disconnected") this.lose("The network is gone."); });
        break;
      case "failed":
        this.lose(this.phase === "in" ? "The connection was lost." : "No way to heed was found: is UDP blocked?");
        break;
      case "closed":
        this.lose("heed ended the connection.");
        break;
    }
  }

  // The connection is gone, the call is not: try again after a pause that grows.
  lose(reason, afterS = 0) {
    const round = this.drop();
    const pauseS = Math.max(PAUSES_S[Math.min(this.tries, PAUSES_S.length - 1)], afterS);
    this.tries += 1;
    this.to("lost", reason, pauseS);
    this.after(pauseS * 1000, () => { if (round === this.round) this.again(); });
  }

  // The end of the call, wanted or not.
  end(reason = "") {
    hangUp(this.place);
    this.drop();
    for (const kind of ["audio", "video"]) this.release(kind);
    this.to("none", reason);
  }

  release(kind) {
    if (this.tracks[kind]) this.tracks[kind].stop();
    this.tracks[kind] = null;
  }

  // Another device, or none for now: without a new connection wherever the offer had a place for it.
  async change(kind, track) {
    this.release(kind);
    this.tracks[kind] = track;
    const sender = this.sender(kind);
    if (sender) await sender.replaceTrack(track);
    else if (track && this.active) await this.again();
  }

  sender(kind) {
    const found = this.pc && this.pc.getTransceivers().find((t) => t.receiver.track.kind === kind);
    return found && found.direction.startsWith("send") ? found.sender : null;
  }

  say(line) {
    const open = this.channel && this.channel.readyState === "open";
    if (open) this.channel.send(line);
    return Boolean(open);
  }

  get talks() { return Boolean(this.channel && this.channel.readyState === "open"); }

  // Lets go of the connection, but hangs up at heed only in `end`: a new call under the same name takes the old one's
  // place in the conversation. Returns the number of the new round.
  drop() {
    this.round += 1;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    if (this.pc) this.pc.close();
    this.pc = this.channel = this.place = null;
    return this.round;
  }

  to(phase, why = "", againInS = 0) {
    this.phase = phase;
    this.on.phase(phase, why, againInS);
  }

  after(ms, work) {
    const timer = setTimeout(() => { this.timers.delete(timer); work(); }, ms);
    this.timers.add(timer);
  }
}

// Also while the page goes away: keepalive lets the request outlive it.
function hangUp(place) {
  if (place) fetch(place, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});
}

// STUN and TURN servers that heed was configured with; usually none.
async function iceServers() {
  const response = await fetch("api/ice", { headers: headers() }).catch(() => null);
  return response?.ok ? (await response.json()).iceServers : [];
}

function gathered(pc) {
  return new Promise((done) => {
    if (pc.iceGatheringState === "complete") return done();
    pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && done());
    setTimeout(done, GATHER_MS); // what was found by then has to do
    return undefined;
  });
}
