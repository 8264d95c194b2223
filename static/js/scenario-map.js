/**
 * The map of a scenario. It takes what it shows from the page, which says the same in a list. Who
 * may change the scenario chooses on it what to change; the form of that change does the rest.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";
import { SiteMarkers } from "./markers.js";
import { toRd } from "./rd.js";

const { L } = window;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");
const choice = document.getElementById("kaart-keuze");
const { punten, nieuw } = document.getElementById("kaart-vak").dataset;
/** The sites as the markers know them; their number is their place in the list. */
const sites = JSON.parse(punten).map((point, i) => ({ ...point, siteId: point.id, id: i, status: point.woord }));

const map = makeMap(box, document.getElementById("kaart-hint"));
const areas = makeAreas(map, box, () => {});
const markers = new SiteMarkers(map, box.dataset.symbols, (i) => chooseSite(sites[i]));
const names = new Names(map, () => markers.places());

/** A sentence under the map, with links; it gets the focus, so that everyone hears it. */
function tell(text, links = []) {
  choice.replaceChildren(document.createTextNode(text));
  for (const [label, address] of links) {
    const link = document.createElement("a");
    link.className = "utrecht-link utrecht-link--html-a";
    link.href = address;
    link.textContent = label;
    choice.append(" ", link);
  }
  choice.hidden = false;
  choice.focus({ preventScroll: true });
}

const formOf = (words) => `${nieuw}?${new URLSearchParams(words)}`;

function chooseSite(site) {
  markers.choose(site.id, false);
  const told = `${site.naam}: ${site.soort}, ${site.woord.toLowerCase()}.`;
  if (!nieuw || site.wat) {
    tell(told, site.wat && nieuw ? [["Naar de lijst", "#onderdelen"]] : []);
    return;
  }
  const { siteId: locatie } = site;
  tell(told, [
    site.groep === "plan"
      ? ["Zet aan", formOf({ wat: "on", locatie })]
      : ["Zet uit", formOf({ wat: "off", locatie })],
    ["Verplaats", formOf({ wat: "moved", locatie })],
  ]);
}

function choosePlace(latlng) {
  if (!nieuw) return;
  const plek = toRd([latlng.lat, latlng.lng]).join(", ");
  markers.choose(null, false);
  tell(`Gekozen: ${plek} (RD).`, [["Nieuwe plek hier", formOf({ wat: "new", plek })]]);
}

/** From where a site moved to where it stands in the scenario. */
function drawMoves() {
  for (const site of sites.filter((entry) => entry.van)) {
    L.polyline([site.van, site.plek], { className: "vp-move", interactive: false }).addTo(map);
    L.circleMarker(site.van, { radius: 6, className: "vp-move__from", interactive: false }).addTo(
      map,
    );
  }
}

/** In view comes what the scenario changes, or else the region. */
function showChanges(bounds) {
  const changed = sites.filter((site) => site.wat).flatMap((site) => [site.plek, site.van]);
  const places = changed.filter(Boolean);
  if (!places.length) showRegion(map, bounds);
  else map.fitBounds(L.latLngBounds(places).pad(0.4), { maxZoom: 13, animate: false });
}

async function start() {
  try {
    const { bounds, gemeenten } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("gemeente", null);
    drawMoves();
    showChanges(bounds);
    markers.show(sites);
    names.show(gemeenten);
    map.on("click", (event) => choosePlace(event.latlng));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== box) return;
      event.preventDefault();
      choosePlace(map.getCenter());
    });
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De lijst zegt hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
