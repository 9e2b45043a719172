// The agent's words as they are spoken: a sentence appears word by word over its duration.

import { element } from "./page.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Spoken {
  constructor(place) {
    this.place = place;
    this.words = []; // of the sentence being spoken: [element, seconds from its start to the word's start]
    this.next = 0;
    this.at = 0; // seconds of it that were spoken when the timer was last set
    this.since = 0;
    this.timer = 0;
  }

  // A sentence begins to be heard.
  say(text, durationS) {
    this.finish();
    if (this.place.textContent) this.place.append(" ");
    const pieces = text.split(/(\s+)/).filter(Boolean);
    const letters = pieces.reduce((sum, piece) => sum + piece.length, 0) || 1;
    let before = 0;
    this.words = [];
    for (const piece of pieces) {
      if (piece.trim()) {
        const word = element("span", piece, "ahead");
        this.words.push([word, (before / letters) * durationS]);
        this.place.append(word);
      } else this.place.append(" ");
      before += piece.length;
    }
    this.next = 0;
    this.at = 0;
    if (calm.matches) this.finish();
    else this.go();
  }

  go() {
    if (this.timer) return;
    this.since = performance.now();
    const show = () => {
      const now = this.at + (performance.now() - this.since) / 1000;
      while (this.next < this.words.length && this.words[this.next][1] <= now) {
        if (this.next) this.words[this.next - 1][0].className = "";
        this.words[this.next][0].className = "now";
        this.next += 1;
      }
      if (this.next < this.words.length) this.timer = setTimeout(show, Math.max(20, (this.words[this.next][1] - now) * 1000));
      else this.timer = setTimeout(() => this.finish(), 600);
    };
    show();
  }

  // Somebody speaks: stay where it is, and go on from there with `go`.
  hold() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.at += (performance.now() - this.since) / 1000;
  }

  // Something else is said now: what had not been heard will not be.
  cut() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.words.forEach(([word], n) => { word.className = n < this.next ? "" : "unsaid"; });
    this.next = this.words.length;
  }

  // All of the sentence was said.
  finish() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.next === this.words.length) this.words.at(-1)?.[0].classList.remove("now");
    else for (const [word] of this.words) word.className = "";
    this.next = this.words.length;
  }
}
