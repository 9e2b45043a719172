// The rules of alerts: what they say, and a form to make and change them.

import { $, announce, element, spoken } from "../page.js";
import { api, may, me } from "./api.js";
import { choose } from "./wall.js";
import { sure } from "./sure.js";
import { zone } from "./zone.js";

const form = $("rule");
let rules = [], edited = null, filled = null;

export async function show() {
  form.hidden = true;
  if (!me.alerts) {
    $("rules").replaceChildren(element("li", "The plugin “alerts” is off: switch it on with [plugins] enabled = [\"alerts\"]."));
    $("new-rule").hidden = true;
    return;
  }
  rules = (await api("desk/rules")).rules;
  $("rules").replaceChildren(...rules.map(item));
}

function item(rule) {
  const made = element("li"), told = element("span");
  told.append(element("b", rule.name), ` ${rule.enabled ? "" : "(off) "}${said(rule)} `, element("span", rule.severity, `tag ${rule.severity}`));
  made.append(told);
  if (!may("administer")) return made;
  const button = (name, act) => {
    const one = element("button", name, "small");
    one.type = "button";
    one.setAttribute("aria-label", `${name}: ${rule.name}`);
    one.onclick = act;
    made.append(one);
  };
  button("Edit", () => edit(rule));
  button(rule.enabled ? "Switch off" : "Switch on", () => send("change", { name: rule.name, enabled: !rule.enabled }));
  button("Remove", async () => {
    if (await sure("Remove this rule?", `“${rule.name}” will raise no alerts any more.`, "Remove")) send("remove", { name: rule.name });
  });
  return made;
}

function said(rule) {
  const parts = [];
  if (rule.when) parts.push(`“${rule.when}”`);
  if (rule.objects.length) parts.push(`${rule.objects.join(" or ")} ${(rule.does.length ? rule.does : ["enters"]).join(" or ")}`);
  if (rule.words.length) parts.push(`the words ${rule.words.join(", ")}`);
  if (rule.sounds.length) parts.push(`sound: ${rule.sounds.join(", ")}`);
  if (rule.fault) parts.push("a camera or microphone has a fault");
  if (rule.dwell_s) parts.push(`for ${rule.dwell_s} s`);
  if (rule.absent_s) parts.push(`not seen for ${rule.absent_s} s`);
  if (rule.sources.length) parts.push(`at ${rule.sources.map(spoken).join(", ")}`);
  if (rule.zone.length) parts.push("in a zone");
  if (rule.between) parts.push(rule.between);
  if (rule.days.length) parts.push(rule.days.join(" "));
  return parts.join(", ");
}

const way = (rule) => (rule.when ? "when" : rule.words.length ? "words" : rule.sounds.length ? "sounds" : rule.fault ? "fault" : "objects");

async function edit(rule) {
  edited = rule;
  form.reset();
  $("t-rule").textContent = rule ? `Rule “${rule.name}”` : "New rule";
  $("rule-problem").textContent = "";
  form.elements.name.readOnly = Boolean(rule);
  const cameras = [...$("zone-camera").options].map((o) => o.value);
  const all = [...new Set([...cameras, ...(rule?.sources || [])])];
  $("rule-cameras").replaceChildren($("rule-cameras").querySelector("legend"), ...all.map((name) => {
    const label = element("label", "", "check"), box = element("input");
    box.type = "checkbox";
    box.name = "sources";
    box.value = name;
    box.checked = Boolean(rule?.sources.includes(name));
    label.append(box, ` ${spoken(name)}`);
    return label;
  }));
  if (rule) {
    const f = form.elements;
    f.name.value = rule.name;
    f.way.value = way(rule);
    for (const key of ["objects", "words", "sounds"]) f[key].value = rule[key].join(", ");
    for (const key of ["when", "between", "text"]) f[key].value = rule[key];
    for (const key of ["dwell_s", "absent_s"]) f[key].value = rule[key] || "";
    for (const box of f.does) box.checked = rule.does.includes(box.value);
    f.severity.value = rule.severity;
    f.enabled.checked = rule.enabled;
    f.speak.checked = rule.speak;
  }
  zone.set(rule?.zone || []);
  filled = shown();
  const first = rule?.sources[0] || cameras[0];
  if (first) choose($("zone-camera"), first);
  zone.show(first);
  ways();
  form.hidden = false;
  form.scrollIntoView({ block: "start" });
  form.elements[rule ? "way" : "name"].focus();
}

function ways() {
  const chosen = form.elements.way.value;
  for (const part of form.querySelectorAll("[data-way]")) part.hidden = part.dataset.way !== chosen;
  $("zone-part").hidden = chosen !== "objects";
}

// What one way of telling has and the others have not.
const OF_A_WAY = ["objects", "does", "dwell_s", "absent_s", "count_at_least", "count_at_most", "zone", "words", "sounds", "fault", "when"];

// What the form shows; of other ways than the chosen one, nothing.
function shown() {
  const f = form.elements, chosen = f.way.value, is = (name) => chosen === name;
  const checked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value).join(", ");
  return {
    name: f.name.value.trim(), way: chosen,
    objects: is("objects") ? f.objects.value : "", does: is("objects") ? checked("does") : "",
    dwell_s: is("objects") ? f.dwell_s.value || "0" : "0", absent_s: is("objects") ? f.absent_s.value || "0" : "0",
    count_at_least: "", count_at_most: "",
    zone: is("objects") ? zone.get().map((p) => p.join(",")).join(" ") : "",
    words: is("words") ? f.words.value : "", sounds: is("sounds") ? f.sounds.value : "",
    fault: String(is("fault")), when: is("when") ? f.when.value : "",
    sources: checked("sources"), between: f.between.value.trim(), severity: f.severity.value, text: f.text.value,
    enabled: String(f.enabled.checked), speak: String(f.speak.checked),
  };
}

// Of a rule that there is, only what was changed here: what the form does not show, or cannot, stays as it is. Another
// way of telling takes the place of all others.
function written() {
  const { way, ...rule } = shown(), anew = edited && way !== filled.way;
  const given = ([key, value]) => (value !== "" && value !== "0" && value !== "false") || (key === "enabled" && value === "false");
  const changed = ([key, value]) => value !== filled[key] || (anew && OF_A_WAY.includes(key));
  return Object.fromEntries(Object.entries(rule).filter((one) => one[0] === "name" || (edited ? changed(one) : given(one))));
}

async function send(command, rule) {
  try {
    const answer = await api("desk/rules", { command, rule });
    announce(answer.line);
    await show();
    $("new-rule").focus();
    return "";
  } catch (error) {
    announce(error.message);
    return error.message;
  }
}

form.onsubmit = async (e) => {
  e.preventDefault();
  $("rule-problem").textContent = await send(edited ? "change" : "add", written());
};
form.elements.way.onchange = ways;
$("new-rule").onclick = () => edit(null);
$("cancel-rule").onclick = () => {
  form.hidden = true;
  $("new-rule").focus();
};
$("zone-camera").onchange = () => zone.show($("zone-camera").value);
