// Talks to heed. Whoever is not logged in is asked to, once, and what was asked goes on then.

import { $, headers, token } from "../page.js";

export const me = { name: "", role: "view", all: true, archive: false, alerts: false };
const RANKS = ["view", "operate", "administer"];
export const may = (role) => RANKS.indexOf(me.role) >= RANKS.indexOf(role);

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// The answer to a request below api/, as JSON. Throws `Refused` with heed's own line.
export async function api(path, body = undefined) {
  const options = { cache: "no-store", headers: headers() };
  if (body !== undefined) {
    options.method = "POST";
    options.headers = headers({ "Content-Type": "application/json" });
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`api/${path}`, options).catch(() => { throw new Refused(0, "heed does not answer"); });
  if (response.status === 401 && path !== "login") {
    await logIn();
    return api(path, body);
  }
  if (!response.ok) throw new Refused(response.status, (await response.text()).trim().slice(0, 500) || `error ${response.status}`);
  return response.status === 204 ? {} : response.json();
}

export const query = (values) => {
  const all = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) for (const one of [value].flat()) if (one) all.append(key, one);
  return all.toString();
};

// One log-in at a time, whatever waits for it. A token that the call page was given does it without asking.
let waiting = null;
export function logIn() {
  waiting ??= ask().finally(() => { waiting = null; });
  return waiting;
}

async function ask() {
  const known = token.get();
  token.set(""); // from now on the cookie says who it is
  if (known && await tried({ token: known }) === "") return;
  const dialog = $("login");
  if (!dialog.open) dialog.showModal();
  dialog.oncancel = (e) => e.preventDefault();
  await new Promise((done) => {
    $("login-form").onsubmit = async (e) => {
      e.preventDefault();
      const typed = $("token").value.trim();
      const problem = await tried(typed ? { token: typed } : { name: $("name").value.trim(), password: $("password").value });
      $("login-problem").textContent = problem;
      if (problem) return;
      $("password").value = $("token").value = "";
      done();
    };
  });
  dialog.close();
}

async function tried(body) {
  try {
    await api("login", body);
    return "";
  } catch (error) { return error.message; }
}
