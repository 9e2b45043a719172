// Subtitles and their translations, where these plugins are switched on.

import { $, element, kept } from "./page.js";

const LINES = 2, CHARS = 42; // on screen of each speaker; a new line pushes the oldest out
const PAUSE_S = 1; // words after a longer one begin a line of their own

export class RollUp {
  #shown = new Map(); // speaker -> { lines, t1 }: the lines on screen, and when the last word ended

  on = false; // once subtitles come, they are shown in place of what the recogniser says

  // New words are put behind those before them; what stands on screen never moves within its line.
  add(who, e) {
    this.on = true;
    const shown = this.#shown.get(who) || { lines: [], t1: -Infinity };
    if (e.t0 - shown.t1 > PAUSE_S || !shown.lines.length) shown.lines.push("");
    for (const word of String(e.text).split(/\s+/).filter(Boolean)) {
      const last = shown.lines.at(-1);
      if (last && last.length + 1 + word.length > CHARS) shown.lines.push(word);
      else shown.lines[shown.lines.length - 1] = last ? `${last} ${word}` : word;
    }
    this.#shown.set(who, { lines: shown.lines.slice(-LINES), t1: e.t1 });
    return this.text(who);
  }

  text(who) { return (this.#shown.get(who)?.lines || []).join("\n"); }

  clear(who) { this.#shown.delete(who); }
}

// The choice of a language: the first that comes, until the user chooses another or none.
export class Translations {
  #chosen = kept.get(localStorage, "heed-language");

  constructor() {
    $("language").onchange = () => {
      this.#chosen = $("language").value;
      kept.set(localStorage, "heed-language", this.#chosen);
    };
  }

  wants(lang) {
    const options = [...$("language").options];
    if (!options.some((o) => o.value === lang)) this.#offer(lang);
    return $("language").value === lang;
  }

  #offer(lang) {
    let name = lang;
    try { name = new Intl.DisplayNames([lang], { type: "language" }).of(lang); } catch { /* no language that browsers know */ }
    const option = element("option", name);
    option.value = lang;
    $("language").append(option);
    $("language").hidden = $("language-label").hidden = false;
    if (!this.#chosen) this.#chosen = lang;
    if (this.#chosen === lang) $("language").value = lang;
  }
}
