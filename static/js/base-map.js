/**
 * A map as every page has it: the same manners, buttons and background, and the region in view.
 * The box says in its data where the borders and the background are.
 */
"use strict";

import { AreaLayers } from "./layers.js";
import { mindTheFinger, mindTheWheel } from "./scroll.js";
import "./tips.js";

const { L } = window;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The map in `box`; `hint` is where its manners are explained when someone needs them. */
export function makeMap(box, hint) {
  const map = L.map(box, {
    renderer: L.svg({ padding: 0.4 }),
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
    minZoom: 8,
    maxZoom: 17,
    zoomSnap: 0.25,
    zoomControl: false,
  });
  if (calm) jumpInsteadOfGlide(map);
  L.control
    .zoom({ zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen", position: "topright" })
    .addTo(map);
  addTiles(map, box.dataset);
  new ResizeObserver(() => map.invalidateSize()).observe(box);
  mindTheWheel(map, hint);
  mindTheFinger(map, hint);
  map.on("layeradd", () => hideDrawings(box));
  return map;
}

/** Leaflet has no option to move without a glide, as it has for zooming. */
function jumpInsteadOfGlide(map) {
  const { panBy } = map;
  map.panBy = (offset, options) => panBy.call(map, offset, { ...options, animate: false });
}

/** Shapes say nothing to who listens: the list beside the map does. Markers can be heard. */
function hideDrawings(box) {
  for (const drawing of box.querySelectorAll("svg.leaflet-zoom-animated")) {
    drawing.setAttribute("aria-hidden", "true");
  }
}

function addTiles(map, { tiles, tilesCredit }) {
  map.attributionControl.setPrefix(false);
  if (!tiles) return;
  L.tileLayer(tiles, { attribution: tilesCredit, maxZoom: 19 }).addTo(map);
  map.hasTiles = true;
}

/** The areas of the region on the map; `onChoose` is called with the code of a clicked area. */
export function makeAreas(map, box, onChoose) {
  const { bordersGemeente, bordersWijk, bordersBuurt } = box.dataset;
  const addresses = { gemeente: bordersGemeente, wijk: bordersWijk, buurt: bordersBuurt };
  return new AreaLayers(map, addresses, onChoose);
}

/** The whole region, also when the map gets another size before someone moves it. */
export function showRegion(map, bounds) {
  const { lat, lng } = bounds.getCenter();
  let whole;
  const fit = () => {
    map.fitBounds(bounds, { padding: [12, 12], animate: false });
    whole = map.getZoom();
  };
  fit();
  map.on("resize", () => {
    const here = map.getCenter();
    const moved = Math.abs(here.lat - lat) > 0.02 || Math.abs(here.lng - lng) > 0.02;
    if (!moved && map.getZoom() === whole) fit();
  });
}
