// What the agent is doing now, and whether anybody is heard: the orb and the words beside it.

import { $, announce } from "./page.js";
import { Level } from "./media.js";

const touch = matchMedia("(pointer: coarse)");
const TOLD = {
  off: ["Not in a call", "You can also just write."],
  calling: ["Calling", "One moment …"],
  listening: ["Listening", "Just talk."],
  hearing: ["Hearing", ""],
  waiting: ["Waiting", "Go on, or pause to get an answer."],
  thinking: ["Thinking", ""],
  speaking: ["Speaking", touch.matches ? "Talk to stop it." : "Talk, or press Escape, to stop it."],
  holding: ["Paused", "Somebody speaks; it may go on."],
  muted: ["You are muted", "heed does not hear you."],
  lost: ["Disconnected", ""],
};
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Presence {
  constructor() {
    this.phase = "none";
    this.turn = "listening";
    this.muted = false;
    this.why = "";
    this.who = "";
    this.context = null;
    this.levels = { mine: null, theirs: null };
  }

  // One word for all of it; the connection counts before the agent's turn, that before one's own muting.
  get state() {
    if (this.phase === "none") return this.turn === "thinking" ? "thinking" : "off";
    if (this.phase !== "in") return this.phase;
    return this.muted && (this.turn === "listening" || this.turn === "waiting") ? "muted" : this.turn;
  }

  set(change) {
    const before = this.state;
    Object.assign(this, change);
    const now = this.state, [word, hint] = TOLD[now];
    document.body.dataset.state = now;
    if (this.turn === "listening") this.who = "";
    $("state").textContent = now === "hearing" ? `${word} ${this.who || (this.muted ? "somebody" : "you")}` : word;
    $("state-note").textContent = now === "lost" ? this.why : hint;
    const heard = ["calling", "lost", "muted", "off"]; // the turns change too often to be read out
    if (before !== now && heard.includes(now)) announce(`${word}. ${now === "lost" ? this.why : ""}`);
    if (before === "calling" && this.phase === "in") announce("In the call.");
  }

  // Sound contexts may start only after the user did something: called when joining.
  listen(kind, stream) {
    this.context ??= new AudioContext();
    this.context.resume();
    this.levels[kind]?.close();
    this.levels[kind] = stream && stream.getAudioTracks().length ? new Level(this.context, stream) : null;
    if (!this.moving && !calm.matches) this.move();
  }

  // The orb follows the voice of whoever speaks.
  move() {
    this.moving = true;
    const step = () => {
      const { mine, theirs } = this.levels, speaks = this.turn === "speaking";
      if (!mine && !theirs) { this.moving = false; return; }
      const level = speaks ? theirs?.now : this.muted ? 0 : mine?.now;
      $("orb").style.setProperty("--level", (level || 0).toFixed(2));
      setTimeout(() => requestAnimationFrame(step), 60);
    };
    step();
  }
}
