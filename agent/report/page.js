"use strict";
(() => {
  const overview = document.getElementById("overview");
  const cards = [...document.querySelectorAll(".card")];
  const rows = [...document.querySelectorAll("#rows > li")];
  const byRow = new Map();
  for (const node of document.querySelectorAll("#rows > li[data-row], .track i[data-row]")) {
    const key = node.dataset.row;
    if (!byRow.has(key)) byRow.set(key, []);
    byRow.get(key).push(node);
  }
  const replyMarks = new Map([...document.querySelectorAll(".track i[data-reply]")].map((n) => [n.dataset.reply, n]));
  let lit = [];
  let pinned = null;

  // Lights the rows and marks of some evidence (`keys`) of a card, or of all of it; nothing for no card.
  function light(card, keys, part) {
    for (const node of lit) node.classList.remove("on");
    lit = [];
    overview.classList.toggle("picked", card !== null);
    if (card === null) return;
    lit.push(card, part, replyMarks.get(card.dataset.reply));
    for (const key of (keys === undefined ? card.dataset.evidence : keys).split(" ")) {
      lit.push(...(byRow.get(key) || []));
      if (part && key) lit.push(...card.querySelectorAll('.evidence [data-row="' + key + '"]'));
    }
    lit = lit.filter(Boolean);
    for (const node of lit) node.classList.add("on");
  }

  function pin(card) {
    pinned = pinned === card ? null : card;
    for (const other of cards) other.querySelector(".pick").setAttribute("aria-pressed", String(other === pinned));
    light(pinned);
  }

  for (const card of cards) {
    card.addEventListener("mouseenter", () => light(card));
    card.addEventListener("mouseleave", () => light(pinned));
    card.querySelector(".pick").addEventListener("click", () => pin(card));
    for (const part of card.querySelectorAll(".s")) {
      part.addEventListener("mouseenter", () => light(card, part.dataset.evidence, part));
      part.addEventListener("mouseleave", () => light(card));
    }
    for (const link of card.querySelectorAll("a[data-row]")) {
      const one = () => light(card, link.dataset.row, link);
      const part = link.closest(".s");
      link.addEventListener("focus", one);
      link.addEventListener("blur", () => light(pinned));
      link.addEventListener("mouseenter", one);
      link.addEventListener("mouseleave", () => (part ? light(card, part.dataset.evidence, part) : light(card)));
    }
  }

  function go(node) {
    node.classList.remove("off");
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1600);
  }

  overview.addEventListener("click", (event) => {
    const mark = event.target.closest("i");
    if (!mark) return;
    if (mark.dataset.reply) {
      const card = document.getElementById("r" + mark.dataset.reply);
      if (pinned !== card) pin(card);
      card.scrollIntoView({ block: "center" });
    } else go(document.getElementById("e" + mark.dataset.row));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-row]");
    if (!link) return;
    event.preventDefault();
    go(document.getElementById("e" + link.dataset.row));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && pinned) pin(pinned);
  });

  const off = new Set();
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  const words = rows.map((row) => row.textContent.toLowerCase());
  function filter() {
    const wanted = find.value.trim().toLowerCase();
    let shown = 0;
    rows.forEach((row, n) => {
      const hide = off.has(row.dataset.group) || (wanted !== "" && !words[n].includes(wanted));
      row.classList.toggle("off", hide);
      if (!hide) shown += 1;
    });
    found.textContent = shown === rows.length ? "" : shown + " of " + rows.length;
  }
  for (const button of document.querySelectorAll(".f")) {
    button.addEventListener("click", () => {
      const group = button.dataset.group;
      if (off.has(group)) off.delete(group);
      else off.add(group);
      button.setAttribute("aria-pressed", String(!off.has(group)));
      filter();
    });
  }
  find.addEventListener("input", filter);
})();
