/** The map of one site in the workspace: its place, its outline, and the borders around it. */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";

const { L } = window;
const CLOSE_ZOOM = 15;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");
const { plek, omtrek } = document.getElementById("kaart-vak").dataset;
const map = makeMap(box, document.getElementById("kaart-hint"));
const areas = makeAreas(map, box, () => {});

function drawSite() {
  const place = JSON.parse(plek);
  const corners = JSON.parse(omtrek);
  if (corners.length) {
    L.polygon(corners, { className: "vp-plot", interactive: false }).addTo(map);
  }
  const icon = L.divIcon({ className: "vp-pin", iconSize: [30, 36], iconAnchor: [15, 36] });
  const marker = L.marker(place, { icon, keyboard: false, interactive: false }).addTo(map);
  marker.getElement().setAttribute("aria-hidden", "true");
  map.setView(place, CLOSE_ZOOM);
  if (corners.length) map.fitBounds(L.latLngBounds(corners).pad(0.6), { maxZoom: 17 });
}

async function start() {
  try {
    const { bounds } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("wijk", null);
    drawSite();
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. Probeer het later opnieuw.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
