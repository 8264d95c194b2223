/** The map of candidates and what is around them; the list beside it says the same. */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";

const { L } = window;
const SIGN_PX = 28;
const SITE_PX = 16;
const CLOSEST = 15;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");
const given = JSON.parse(document.getElementById("kaart-gegevens").textContent);
const map = makeMap(box, document.getElementById("kaart-hint"));
const areas = makeAreas(map, box, () => {});

/** What is under the pointer, in words; never HTML. */
function named(layer, text) {
  const tip = document.createElement("span");
  tip.textContent = text;
  return layer.bindTooltip(tip, { direction: "top", opacity: 1 });
}

function drawHomes({ woningen }) {
  for (const [lat, lon, count] of woningen) {
    const radius = Math.min(9, 2 + Math.sqrt(count) / 2);
    L.circleMarker([lat, lon], { radius, className: "vp-home-point", interactive: false }).addTo(
      map,
    );
  }
}

function drawAmenities({ voorzieningen }) {
  for (const { naam, plek } of voorzieningen) {
    named(L.circleMarker(plek, { radius: 5, className: "vp-amenity-point" }), naam).addTo(map);
  }
}

function drawMarker(plek, naam, { className, size, text = "", above = 0 }) {
  const sign = document.createElement("span");
  sign.textContent = text;
  const icon = L.divIcon({ className, iconSize: [size, size], html: sign });
  const marker = L.marker(plek, { icon, keyboard: false, zIndexOffset: above });
  named(marker, naam).addTo(map);
  marker.getElement().setAttribute("aria-hidden", "true");
}

/** These candidates in view, with who lives near and what is nearest. */
function fit(candidates) {
  const near = candidates.flatMap(({ plek, woningen, voorzieningen }) => [
    plek,
    ...woningen.map(([lat, lon]) => [lat, lon]),
    ...voorzieningen.map((amenity) => amenity.plek),
  ]);
  map.fitBounds(L.latLngBounds(near).pad(0.15), { maxZoom: CLOSEST, animate: false });
}

function letZoom() {
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      fit([given.kandidaten[Number(button.dataset.zoom)]]);
      box.scrollIntoView({ block: "nearest" });
    });
  }
}

async function start() {
  try {
    const { bounds } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("wijk", null);
    given.kandidaten.forEach(drawHomes);
    given.kandidaten.forEach(drawAmenities);
    for (const { naam, plek } of given.andere) {
      drawMarker(plek, naam, { className: "vp-site-point", size: SITE_PX });
    }
    for (const { naam, plek, teken } of given.kandidaten) {
      drawMarker(plek, naam, { className: "vp-candidate", size: SIGN_PX, text: teken, above: 500 });
    }
    fit(given.kandidaten);
    letZoom();
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De lijst zegt hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
