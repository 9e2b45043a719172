// The user's microphone, camera and loudspeaker.

import { $, element } from "./page.js";

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15, max: 30 } };
const NAMES = { audio: "microphone", video: "camera" };

// Chosen device ids; empty for the browser's own choice.
export const chosen = { audio: "", video: "", output: "" };

const wish = (kind) => {
  const all = kind === "audio" ? SOUND : PICTURE;
  return chosen[kind] ? { ...all, deviceId: { exact: chosen[kind] } } : all;
};

// What went wrong, and what to do about it.
function why(error, what) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return `The browser may not use the ${what}. Allow it beside the page's address, then join again.`;
    case "NotFoundError":
      return `No ${what} was found. Plug one in, or join without it.`;
    case "NotReadableError":
    case "AbortError":
      return `The ${what} is used by another program. Close that, then join again.`;
    case "OverconstrainedError":
      return `The chosen ${what} is gone. Choose another under Options.`;
    default:
      return `The ${what} does not work: ${error.message || error.name}`;
  }
}

// One track of a kind ("audio" or "video").
export async function open(kind) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wish(kind) });
    return stream.getTracks()[0];
  } catch (error) {
    if (error.name === "OverconstrainedError" && chosen[kind]) {
      chosen[kind] = ""; // unplugged since it was chosen: any other is better than none
      return open(kind);
    }
    throw new Error(why(error, NAMES[kind]));
  }
}

// The wanted tracks, asked for together so that the browser asks once; what cannot be had is told and left out.
// Throws only if nothing that was wanted can be had.
export async function openAll(kinds) {
  if (!kinds.length) return { tracks: [], problems: [] };
  if (!navigator.mediaDevices) {
    const local = `${location.protocol}//localhost${location.port ? `:${location.port}` : ""}`;
    throw new Error(`Browsers give camera and microphone only to https:// pages and this machine's own: open ${local} there, or put an HTTPS proxy before heed.`);
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(Object.fromEntries(kinds.map((k) => [k, wish(k)])));
    return { tracks: stream.getTracks(), problems: [] };
  } catch (error) {
    if (kinds.length === 1 && !chosen[kinds[0]]) throw new Error(why(error, NAMES[kinds[0]]));
    const tracks = [], problems = [];
    for (const kind of kinds) {
      try { tracks.push(await open(kind)); } catch (problem) { problems.push(problem.message); }
    }
    if (!tracks.length) throw new Error(why(error, kinds.map((k) => NAMES[k]).join(" and the ")));
    return { tracks, problems };
  }
}

// Fills the three lists of devices. Names are known only once the user allowed a device.
export async function listDevices() {
  if (!navigator.mediaDevices) return;
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const lists = [["mics", "audioinput", "audio"], ["cams", "videoinput", "video"], ["speakers", "audiooutput", "output"]];
  for (const [id, kind, key] of lists) {
    const list = $(id), found = devices.filter((d) => d.kind === kind && d.deviceId);
    const choices = found.map((device, n) => {
      const choice = element("option", device.label || `${n + 1}`);
      choice.value = device.deviceId;
      return choice;
    });
    if (!choices.length) {
      choices.push(element("option", "the browser's choice"));
      choices[0].value = "";
    }
    list.replaceChildren(...choices);
    if (found.some((d) => d.deviceId === chosen[key])) list.value = chosen[key];
    list.disabled = !found.length;
  }
  const choosable = "setSinkId" in HTMLMediaElement.prototype;
  $("speakers").hidden = !choosable;
  document.querySelector("label[for=speakers]").hidden = !choosable;
}

export async function useSpeaker(id) {
  chosen.output = id;
  await $("reply").setSinkId(id);
}

// How loud a stream is, 0 to 1, whenever asked.
export class Level {
  constructor(context, stream) {
    this.source = context.createMediaStreamSource(stream);
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 512;
    this.source.connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
  }

  get now() {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const rms = Math.sqrt(sum / this.samples.length);
    return Math.max(0, Math.min(1, 1 + Math.log10(rms + 1e-6) / 2.2));
  }

  close() { this.source.disconnect(); }
}
