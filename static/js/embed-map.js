/** The small map in a frame: the places of the list, and rings where people pointed. */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";
import { SiteMarkers } from "./markers.js";

const { L } = window;
const CLOSE_ZOOM = 14;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");

/** A place as its line in the list tells it; one that is in several conversations stands once. */
function readSites() {
  const found = new Map();
  for (const { id, dataset } of document.querySelectorAll("li[data-plek]")) {
    const number = Number(id.split("-")[1]);
    const { plek, naam, soort, symbool, groep, fase } = dataset;
    found.set(number, { id: number, plek: JSON.parse(plek), naam, soort, symbool, groep, status: fase });
  }
  return [...found.values()];
}

function readRings() {
  return [...document.querySelectorAll("[data-reactie]")].map((line) =>
    JSON.parse(line.dataset.reactie),
  );
}

async function start() {
  const map = makeMap(box, document.getElementById("kaart-hint"));
  const areas = makeAreas(map, box, () => {});
  const sites = readSites();
  const rings = readRings();
  const markers = new SiteMarkers(map, box.dataset.symbols, (id) => {
    const line = document.querySelector(`li[id="plek-${id}"], li[id^="plek-${id}-"]`);
    line?.scrollIntoView({ block: "nearest" });
    line?.querySelector("a")?.focus();
  });
  const names = new Names(map, () => markers.places());
  try {
    const { bounds, gemeenten } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("wijk", null);
    for (const at of rings) {
      L.circleMarker(at, { radius: 6, className: "vp-place-ring", interactive: false }).addTo(map);
    }
    const all = [...sites.map((site) => site.plek), ...rings];
    if (all.length) {
      map.fitBounds(L.latLngBounds(all).pad(0.3), { maxZoom: CLOSE_ZOOM, animate: false });
    }
    markers.show(sites);
    names.show(gemeenten);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De lijst zegt hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

if (box) start();
