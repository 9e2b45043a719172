// The wall: the newest picture of each camera, fetched only for those in view, a few at a time; and one of them large.

import { $, element, headers, spoken } from "../page.js";
import { api } from "./api.js";
import { day } from "./moments.js";

const AT_ONCE = 6;
export const OLD_S = 30;
const tiles = new Map(); // name -> { item, button, image, state, camera, shown, at }
let busy = 0;
const seen = new IntersectionObserver((entries) => {
  for (const e of entries) e.target.tile.shown = e.isIntersecting;
  pump();
}, { rootMargin: "100px" });

const still = (name) => `api/desk/still/${name.split("/").map(encodeURIComponent).join("/")}?${Date.now()}`;

export async function refresh() {
  const found = await api("desk/cameras");
  found.cameras.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })); // camera 2 before camera 10
  for (const camera of found.cameras) update(camera);
  for (const [name, tile] of tiles) {
    if (found.cameras.some((c) => c.name === name)) continue;
    seen.unobserve(tile.item);
    tile.item.remove();
    tiles.delete(name);
  }
  choices(found.cameras.map((c) => c.name));
  pump();
  return found;
}

// The lists to choose a camera from keep what was chosen.
let known = "";
function choices(names) {
  if (known === names.join("\n")) return;
  known = names.join("\n");
  for (const list of document.querySelectorAll("select.cameras")) {
    const chosen = list.value, first = list.querySelector('option[value=""]');
    list.replaceChildren(...(first ? [first] : []), ...names.map((name) => {
      const option = element("option", spoken(name));
      option.value = name;
      return option;
    }));
    if (chosen) choose(list, chosen);
  }
}

// Also one that has long been gone.
export function choose(list, name) {
  if (![...list.options].some((option) => option.value === name)) {
    const option = element("option", spoken(name));
    option.value = name;
    list.append(option);
  }
  list.value = name;
}

function update(camera) {
  let tile = tiles.get(camera.name);
  if (!tile) {
    tile = { item: element("li"), button: element("button"), image: null, state: element("span", "", "state"), shown: false, at: 0 };
    tile.button.type = "button";
    tile.button.append(element("span", "no picture yet", "blank"), tile.state, element("span", spoken(camera.name), "name"));
    tile.button.onclick = () => enlarge(tile.camera);
    tile.item.append(tile.button);
    tile.item.tile = tile;
    tiles.set(camera.name, tile);
    const after = [...$("wall").children].find((item) => item.tile.camera.name.localeCompare(camera.name, undefined, { numeric: true }) > 0);
    tile.camera = camera;
    $("wall").insertBefore(tile.item, after || null);
    seen.observe(tile.item);
  }
  tile.camera = camera;
  const old = camera.age_s !== null && camera.age_s > OLD_S;
  const words = { failed: "fault", degraded: "impaired", ok: "" }[camera.state];
  const text = [words, old ? `last picture ${ago(camera.age_s)} ago` : "", camera.live && !old && !words ? "live" : ""].filter(Boolean).join(", ");
  tile.state.textContent = text;
  tile.button.dataset.state = camera.state;
  tile.button.toggleAttribute("data-old", old);
  tile.button.title = camera.reason || "";
  tile.button.setAttribute("aria-label", `${spoken(camera.name)}${text ? `, ${text}` : ""}${camera.reason && words ? `: ${camera.reason}` : ""}`);
}

export const ago = (s) => (s < 90 ? `${Math.round(s)} s` : s < 5400 ? `${Math.round(s / 60)} min` : s < 172800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} days`);

// The one in view whose picture is oldest comes first; with many in view each comes less often.
function pump() {
  if (document.hidden || $("view-now").hidden || $("live").open) return;
  const now = Date.now();
  const waiting = [...tiles.values()].filter((t) => t.shown && !t.loading && t.camera.age_s !== null && now - t.at > 1000
    && (!t.image || t.camera.age_s < OLD_S)).sort((a, b) => a.at - b.at);
  for (const tile of waiting.slice(0, AT_ONCE - busy)) load(tile);
}
setInterval(pump, 500);

function load(tile) {
  const image = element("img");
  tile.loading = true;
  busy += 1;
  const done = (good) => {
    busy -= 1;
    tile.loading = false;
    tile.at = Date.now();
    if (!good) return;
    if (tile.image) tile.image.replaceWith(image);
    else {
      tile.button.querySelector(".blank")?.remove();
      tile.button.prepend(image);
    }
    tile.image = image;
  };
  image.alt = "";
  image.onload = () => done(true);
  image.onerror = () => done(false);
  image.src = still(tile.camera.name);
}

$("find-camera").oninput = () => {
  const wanted = spoken($("find-camera").value).toLowerCase();
  for (const [name, tile] of tiles) tile.item.hidden = !spoken(name).toLowerCase().includes(wanted);
};

// --- one camera, large -------------------------------------------------------------------------------------------

let timer = 0, connection = null, place = null;

function enlarge(camera) {
  $("live-name").textContent = spoken(camera.name);
  $("live-timeline").href = `#timeline?${new URLSearchParams({ camera: camera.name, day: day(new Date()) })}`;
  const image = $("live-still");
  image.hidden = false;
  $("live-video").hidden = true;
  image.alt = `The newest picture of ${spoken(camera.name)}`;
  image.src = still(camera.name);
  $("live").showModal();
  const next = () => { timer = setTimeout(() => { image.src = still(camera.name); }, 700); };
  image.onload = image.onerror = next;
  $("live-how").textContent = camera.live ? "connecting live …" : "pictures, about one a second";
  if (camera.live) watch(camera.name).catch((error) => { $("live-how").textContent = `pictures, about one a second (live: ${error.message})`; });
}

// WHEP: the sound and pictures as they come.
async function watch(name) {
  const ice = await api("ice");
  const pc = connection = new RTCPeerConnection(ice);
  pc.addTransceiver("video", { direction: "recvonly" });
  pc.addTransceiver("audio", { direction: "recvonly" });
  pc.ontrack = (e) => { if (e.track.kind === "video") $("live-video").srcObject = e.streams[0] || new MediaStream([e.track]); };
  $("live-video").onloadeddata = () => {
    $("live-video").hidden = false;
    $("live-still").hidden = true;
    $("live-still").onload = null;
    clearTimeout(timer);
    $("live-how").textContent = "live";
  };
  await pc.setLocalDescription();
  await new Promise((done) => {
    if (pc.iceGatheringState === "complete") done();
    pc.onicegatheringstatechange = () => { if (pc.iceGatheringState === "complete") done(); };
    setTimeout(done, 1000);
  });
  const response = await fetch(`whep/${encodeURIComponent(name)}`, { method: "POST", headers: headers({ "Content-Type": "application/sdp" }), body: pc.localDescription.sdp });
  const body = await response.text();
  if (response.status !== 201) throw new Error(body.trim());
  place = response.headers.get("Location");
  if (pc !== connection) hangUp(pc, place);
  else await pc.setRemoteDescription({ type: "answer", sdp: body });
}

function hangUp(pc, where) {
  pc?.close();
  if (where) fetch(where, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});
}

$("live-close").onclick = () => $("live").close();
$("live-timeline").onclick = () => $("live").close();
$("live").onclose = () => {
  clearTimeout(timer);
  $("live-still").onload = $("live-still").onerror = null;
  $("live-video").srcObject = null;
  hangUp(connection, place);
  connection = place = null;
};
addEventListener("pagehide", () => hangUp(connection, place));
