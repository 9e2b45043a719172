// Small helpers that every part of the page uses. Text from outside is only ever shown as text, never as markup:
// what a camera reads or a voice says is not to be trusted.

export const $ = (id) => document.getElementById(id);

export function element(kind, text = "", className = "") {
  const made = document.createElement(kind);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Stream time zero as the browser's time, in ms: the least of what the events so far allow, as some come late.
let zero = Infinity;
export function arrived(streamS) {
  zero = Math.min(zero, Date.now() - streamS * 1000);
}

// Stream time as a time of day: 75.2 -> "14:03:21".
export const clock = (streamS) => new Date(zero + streamS * 1000).toLocaleTimeString("en-GB");

// A source's name as people say it: "front-door" -> "front door".
export const spoken = (source) => String(source).replace(/[-_]+/g, " ").trim();

// What a person typed as a name that the server takes: letters, digits, "_", "." and "-", at most 64.
export function plainName(typed) {
  const plain = typed.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[^A-Za-z0-9_.]+/g, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 40);
}

// What a person wants to be called, in letters of any script, as the server will have it.
export function personName(typed) {
  return typed.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}_.'-]+/gu, " ").trim().slice(0, 40).trim();
}

// A map that forgets its oldest entries.
export function remember(map, key, value, most = 1000) {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value);
}

// Said to screen readers only; the page shows the same by other means.
export function announce(text) {
  const live = $("announce");
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
}

export const kept = {
  get(store, key) { try { return store.getItem(key) || ""; } catch { return ""; } },
  set(store, key, value) { try { store.setItem(key, value); } catch { /* a browser that keeps nothing */ } },
};

const TOKEN = "heed-token";
export const token = {
  get: () => kept.get(sessionStorage, TOKEN),
  set: (value) => kept.set(sessionStorage, TOKEN, value),
};
export const headers = (more = {}) => (token.get() ? { Authorization: `Bearer ${token.get()}`, ...more } : { ...more });

// Asks for the token; resolves once something was entered.
export function login() {
  const dialog = $("login");
  if (!dialog.open) dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => {
    token.set($("token").value.trim());
    done();
  }, { once: true }));
}
