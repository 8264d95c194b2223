/**
 * The map of travel access: one or two places, the nearest amenities, and the ways to them.
 * Everything on it comes from one GeoJSON file of ours; the tables beside it say the same.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";

const { L } = window;
const SVG = "http://www.w3.org/2000/svg";
const AMENITY_PX = 26;
const PLACE_PX = 30;
/** From below to above; markers are in Leaflet's own pane (600). */
const PANES = { zones: 345, ways: 410 };
/** The view is chosen for what is this near; farther things may lie outside it. */
const IN_VIEW_MIN = 20;
const CLOSE_ZOOM = 13;

export class AccessMap {
  /**
   * @param {HTMLElement} box
   * @param {HTMLElement} hint
   * @param {string} symbols address of the file of amenity symbols, ending in "#"
   * @param {{onPick?: (at: L.LatLng) => void, onChoose?: (category: string) => void}} calls
   */
  constructor(box, hint, symbols, { onPick, onChoose } = {}) {
    this.box = box;
    this.symbols = symbols;
    this.onChoose = onChoose;
    this.map = makeMap(box, hint);
    this.areas = makeAreas(this.map, box, () => {});
    this.drawn = L.layerGroup().addTo(this.map);
    this.zones = L.layerGroup().addTo(this.map);
    this.names = new Names(this.map, () => this.taken());
    for (const [name, zIndex] of Object.entries(PANES)) {
      this.map.createPane(name).style.zIndex = String(zIndex);
    }
    if (onPick) this.letPick(onPick);
  }

  /** A click, or Enter for the middle of the map, picks a point. */
  letPick(onPick) {
    const crosshair = document.createElement("span");
    crosshair.className = "vp-crosshair";
    crosshair.setAttribute("aria-hidden", "true");
    this.box.append(crosshair);
    this.map.on("click", (event) => onPick(event.latlng));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.box) return;
      event.preventDefault();
      onPick(this.map.getCenter());
    });
  }

  /** The region and its borders; call once. */
  async drawFrame() {
    const { bounds, gemeenten } = await this.areas.drawFrame();
    showRegion(this.map, bounds);
    await this.areas.show("wijk", null);
    this.names.show(gemeenten);
  }

  /** Show these features in place of the earlier ones; with `move` the map goes there. */
  show(features, move) {
    this.drawn.clearLayers();
    this.markers = [];
    const of = (role) => features.filter((feature) => feature.properties.rol === role);
    for (const way of of("route")) this.drawWay(way);
    for (const amenity of of("voorziening")) this.drawAmenity(amenity);
    for (const place of of("plek")) this.drawPlace(place);
    this.choose(null);
    this.names.place();
    if (move && features.length) this.bringInView(features);
  }

  /** The areas that can be reached in 5, 10 and 15 minutes; none takes them away. */
  showZones(features) {
    this.zones.clearLayers();
    const largestFirst = [...features].sort((a, b) => b.properties.minutes - a.properties.minutes);
    for (const zone of largestFirst) {
      L.geoJSON(zone, {
        pane: "zones",
        interactive: false,
        smoothFactor: 0.5,
        style: () => ({ className: `vp-zone-shape vp-zone-shape--${zone.properties.minutes}` }),
      }).addTo(this.zones);
    }
  }

  /** Bring out the way to one category, or treat all alike. With `move` bring it in view. */
  choose(category, move = false) {
    const chosen = L.featureGroup();
    this.drawn.eachLayer((layer) => {
      const own = layer.category;
      if (!own) return;
      layer.mark(category === null ? "" : own === category ? "is-picked" : "is-dimmed");
      if (own === category && layer.way) chosen.addLayer(layer.way);
    });
    if (move && chosen.getLayers().length) {
      this.map.fitBounds(chosen.getBounds().pad(0.25), { maxZoom: 16 });
    }
  }

  bringInView(features) {
    const near = features.filter(({ properties }) => (properties.minuten ?? 0) <= IN_VIEW_MIN);
    const bounds = L.geoJSON(near).getBounds();
    const isSeen = this.map.getBounds().contains(bounds) && this.map.getZoom() >= CLOSE_ZOOM;
    if (!isSeen) this.map.fitBounds(bounds.pad(0.08), { maxZoom: 16 });
  }

  taken() {
    return (this.markers ?? []).map((marker) => this.map.latLngToLayerPoint(marker.getLatLng()));
  }

  drawWay(feature) {
    const { categorie, plek } = feature.properties;
    const base = `vp-way vp-way--${plek.toLowerCase()}`;
    const way = L.geoJSON(feature, {
      pane: "ways",
      interactive: false,
      smoothFactor: 0.5,
      style: () => ({ className: base }),
    }).addTo(this.drawn);
    way.category = categorie;
    way.way = way;
    way.mark = (word) => {
      way.eachLayer((line) => {
        line.getElement()?.setAttribute("class", `${base} ${word}`);
        if (word === "is-picked") line.bringToFront();
      });
    };
  }

  drawAmenity(feature) {
    const { categorie, categorie_naam: label, naam, minuten_tekst: minutes } = feature.properties;
    const marker = this.marker(feature, "vp-marker vp-amenity-marker", this.symbol(categorie));
    marker.category = categorie;
    marker.mark = (word) => {
      const element = marker.getElement();
      element.classList.remove("is-picked", "is-dimmed");
      if (word) element.classList.add(word);
      marker.setZIndexOffset(word === "is-picked" ? 1000 : 0);
    };
    const tip = document.createElement("span");
    tip.textContent = `${[label, naam].filter(Boolean).join(": ")}, ${minutes}`;
    marker.bindTooltip(tip, { direction: "top", offset: [0, -AMENITY_PX / 2], opacity: 1 });
    if (this.onChoose) marker.on("click", () => this.onChoose(categorie));
  }

  drawPlace(feature) {
    const letter = document.createElement("span");
    letter.textContent = feature.properties.letter ?? "";
    const css = `vp-place vp-place--${feature.properties.plek.toLowerCase()}`;
    this.marker(feature, css, letter, PLACE_PX).setZIndexOffset(2000);
  }

  /** What the marker tells stands in the tables as well, so it is no stop of the Tab key. */
  marker(feature, className, html, size = AMENITY_PX) {
    const [lon, lat] = feature.geometry.coordinates;
    const marker = L.marker([lat, lon], {
      keyboard: false,
      riseOnHover: true,
      interactive: className.includes("vp-marker"),
      bubblingMouseEvents: false,
      icon: L.divIcon({ className, html, iconSize: [size, size] }),
    }).addTo(this.drawn);
    marker.getElement().setAttribute("aria-hidden", "true");
    this.markers.push(marker);
    return marker;
  }

  symbol(category) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "vp-symbol");
    svg.setAttribute("viewBox", "0 0 24 24");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${this.symbols}${category}`);
    use.setAttribute("width", "24");
    use.setAttribute("height", "24");
    svg.append(use);
    return svg;
  }
}
