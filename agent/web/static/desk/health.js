// How all parts are doing; and, for who administers, what is taken out of the archive and what people did.

import { $, element, spoken } from "../page.js";
import { api, me, query } from "./api.js";
import { told } from "./moments.js";
import { sure } from "./sure.js";
import { ago, OLD_S, refresh } from "./wall.js";

const WORDS = { ok: "well", degraded: "impaired", failed: "fault" };

function cells(...texts) {
  const row = element("tr");
  row.append(...texts.map((text) => element("td", text)));
  return row;
}

export async function show() {
  const found = await api("desk/health");
  $("health").tBodies[0].replaceChildren(...found.parts.map((part) => {
    const [kind, ...name] = part.component.split(":");
    const row = cells(name.length ? `${kind}: ${spoken(name.join(":"))}` : kind, WORDS[part.state] || part.state, `${ago(part.age_s)} ago`, part.reason);
    row.children[1].className = part.state;
    return row;
  }));
  if (!found.parts.length) $("health").tBodies[0].replaceChildren(cells("all", "well", "", "no part has reported a fault since heed started"));
  const { cameras } = await refresh();
  $("sources").tBodies[0].replaceChildren(...cameras.map((camera) => {
    const silent = camera.state === "ok" && (camera.age_s === null || camera.age_s > OLD_S); // no fault was told, but neither is it well
    const row = cells(spoken(camera.name), silent ? "silent" : WORDS[camera.state] || camera.state, camera.age_s === null ? "none yet" : `${ago(camera.age_s)} ago`, camera.reason);
    row.children[1].className = silent ? "degraded" : camera.state;
    return row;
  }));
  $("plugins").replaceChildren(...found.plugins.map((plugin) => element("li", `${plugin.name}: ${plugin.status}`)));
  if (!found.plugins.length) $("plugins").replaceChildren(element("li", "None is switched on."));
}

// --- the archive -------------------------------------------------------------------------------------------------

const form = $("part");
const moment = (text) => (text ? new Date(text).toISOString() : "");
const chosen = () => ({ camera: form.camera.value, from: moment(form.from.value), to: moment(form.to.value), words: form.words.value.trim() });
const note = (text) => { $("part-note").textContent = text; };

export async function showArchive() {
  form.oninput();
  $("delete").disabled = !me.archive;
  $("export").hidden = !me.archive;
  if (!me.archive) note("The archive is off: switch it on with [archive] enabled = true.");
  const found = await api("desk/audit");
  $("audit").tBodies[0].replaceChildren(...found.lines.map((line) => cells(told(line.t), `${line.who}${line.from ? ` (${line.from})` : ""}`, line.what, line.about)));
}

form.oninput = () => {
  $("export").href = `api/desk/export?${query(chosen())}`;
  note("");
};
form.onsubmit = (e) => e.preventDefault();
$("delete").onclick = async () => {
  try {
    const { found } = await api("desk/delete", chosen());
    if (!found) return note("There is nothing of the kind.");
    const text = `${found} events, their pictures, words and all traces. This cannot be undone.`;
    if (!await sure("Delete this?", text, `Delete ${found} events`)) return note("Nothing was deleted.");
    const { deleted } = await api("desk/delete", { ...chosen(), expected: found });
    await showArchive();
    return note(`${deleted} events are deleted.`);
  } catch (error) { return note(error.message); }
};
