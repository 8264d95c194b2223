/**
 * The map of search areas. It fetches shapes only; every word comes from the page, so that map
 * and list always say the same. The chosen area is the part of the address after the #.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";

const { L } = window;
const SHAPES = { interactive: true, smoothFactor: 0 };
/** From below to above, among the panes of layers.js (areas 320, borders 330). */
const PANES = { unknown: 322, excluded: 324, found: 326 };
/** Room for the buttons of the map, beside what a click tells. */
const ROOM_PX = 64;
const ANCHOR = /^gebied-\d+$/;

const box = document.getElementById("kaart");
const list = document.getElementById("lijst");
const fault = document.getElementById("kaart-fout");
const { layers: address, gemeente: shownGemeente } = document.getElementById("legenda").dataset;

const map = makeMap(box, document.getElementById("kaart-hint"));
const frame = makeAreas(map, box, () => {});
const names = new Names(map, () => []);
const shapes = new Map();
let outline = null;

const itemOf = (anchor) => (ANCHOR.test(anchor) ? document.getElementById(anchor) : null);

function piece(kind, text, className) {
  const element = document.createElement(kind);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** A box on the map with these parts, at the place of a click. */
function tell(at, ...parts) {
  const tip = document.createElement("div");
  tip.append(...parts);
  const popup = L.popup({
    maxWidth: Math.min(300, box.clientWidth - 2 * ROOM_PX),
    autoPanPaddingTopLeft: [16, 16],
    autoPanPaddingBottomRight: [ROOM_PX, 16],
  });
  popup.setLatLng(at).setContent(tip).openOn(map);
  popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Sluiten");
}

function tellArea(anchor, at) {
  const item = itemOf(anchor);
  if (!item) return;
  const wijk = item.closest("ul").previousElementSibling.textContent;
  const because = item.querySelector(".vp-area__because").textContent;
  const more = piece("a", "Lees alles in de lijst");
  more.href = `#${anchor}`;
  more.addEventListener("click", (event) => {
    event.preventDefault();
    choose(anchor, { scroll: true });
    item.querySelector("summary").focus();
  });
  const size = item.querySelector(".vp-area__size").textContent;
  tell(at, piece("p", `${wijk}, ${size}`), piece("p", because), more);
}

function tellGround(kind, at) {
  const ground = document.getElementById(`grond-${kind}`);
  if (!ground) return;
  const [name, why] = ground.children;
  const title = document.createElement("p");
  title.append(piece("strong", name.firstChild.textContent.trim()));
  tell(at, title, piece("p", why.textContent));
}

function tellUnknown(at) {
  const reasons = [...document.querySelectorAll("[data-onbekend]")].map(({ textContent }) =>
    piece("p", textContent.slice(textContent.indexOf(":") + 1).trim()),
  );
  const title = document.createElement("p");
  title.append(piece("strong", "Niet te berekenen"));
  tell(at, title, ...reasons);
}

/** Open the item of an area in the list and outline the area; with `show` go there on the map. */
function choose(anchor, { show = false, scroll = false } = {}) {
  list.querySelector("[data-gekozen]")?.removeAttribute("data-gekozen");
  outline?.remove();
  outline = null;
  const item = itemOf(anchor);
  const shape = shapes.get(anchor);
  if (!item || !shape) return;
  item.dataset.gekozen = "";
  for (let part = item.firstElementChild; part && part !== list; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
  }
  outline = L.geoJSON(shape, {
    interactive: false,
    smoothFactor: 0,
    pane: "chosen",
    style: () => ({ className: "is-chosen" }),
  }).addTo(map);
  if (show) map.fitBounds(outline.getBounds().pad(0.5), { maxZoom: 14.5 });
  if (scroll) item.scrollIntoView({ block: "center" });
  if (window.location.hash !== `#${anchor}`) window.history.replaceState(null, "", `#${anchor}`);
}

function draw({ gebieden, uitgesloten, onbekend }) {
  for (const [name, zIndex] of Object.entries(PANES)) map.createPane(name).style.zIndex = zIndex;
  const add = (collection, pane, className, onClick) =>
    L.geoJSON(collection, {
      ...SHAPES,
      pane,
      style: () => ({ className }),
      onEachFeature: (feature, layer) =>
        layer.on("click", ({ latlng }) => onClick(feature.id, latlng)),
    }).addTo(map);
  add(onbekend, "unknown", "map-unknown", (_, at) => tellUnknown(at));
  add(uitgesloten, "excluded", "map-excluded", tellGround);
  add(gebieden, "found", "map-found", (number, at) => {
    const anchor = `gebied-${number}`;
    choose(anchor, { scroll: window.matchMedia("(min-width: 56.25em)").matches });
    tellArea(anchor, at);
  });
  for (const feature of gebieden.features) shapes.set(`gebied-${feature.id}`, feature);
}

async function fetchLayers() {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

function chooseFromAddress() {
  choose(window.location.hash.slice(1), { show: true });
}

function listenToList() {
  list.addEventListener("click", (event) => {
    const link = event.target.closest(".vp-area__show");
    if (!link) return;
    event.preventDefault();
    choose(link.hash.slice(1), { show: true });
    box.scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("hashchange", chooseFromAddress);
}

async function start() {
  try {
    const asked = fetchLayers();
    const { bounds, gemeenten } = await frame.drawFrame();
    const shown = gemeenten.find(({ feature }) => feature.id === shownGemeente);
    showRegion(map, shown ? shown.getBounds() : bounds);
    names.show(gemeenten);
    await frame.show("gemeente", null);
    draw(await asked);
    listenToList();
    chooseFromAddress();
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De lijst heeft dezelfde gebieden.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
