/** The map of one contribution: a ring around the place that the text beside it names. */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";

const { L } = window;
const CLOSE_ZOOM = 14;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");

async function start() {
  const map = makeMap(box, document.getElementById("kaart-hint"));
  const areas = makeAreas(map, box, () => {});
  const place = document.querySelector("[data-plek]");
  const names = new Names(map, () => []);
  try {
    const { bounds, gemeenten } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("wijk", null);
    const at = JSON.parse(place.dataset.plek);
    map.setView(at, CLOSE_ZOOM, { animate: false });
    L.circleMarker(at, { radius: 12, weight: 4, className: "vp-place-ring", interactive: false }).addTo(map);
    names.show(gemeenten);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De plek staat erboven in getallen.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

if (box) start();
