// Subtitles and their translations, where these plugins are switched on.

import { $, element, kept } from "./page.js";

const LINES = 2; // on screen of each speaker; a new one pushes the oldest out

export class RollUp {
  #lines = new Map(); // speaker -> lines on screen

  on = false; // once subtitles come, they are shown in place of what the recogniser says

  add(who, text) {
    this.on = true;
    const lines = [...(this.#lines.get(who) || []), ...String(text).split("\n")].slice(-LINES);
    this.#lines.set(who, lines);
    return this.text(who);
  }

  text(who) { return (this.#lines.get(who) || []).join("\n"); }

  clear(who) { this.#lines.delete(who); }
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
