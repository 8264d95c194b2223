/**
 * The areas on the map: the rim outside the region, the areas coloured by a figure, and the
 * borders of the gemeenten on top. Colours are the classes of map-classes.css.
 */
"use strict";

const { L } = window;
const LEVEL_OF_PREFIX = { GM: "gemeente", WK: "wijk", BU: "buurt" };
const STILL = { interactive: false, smoothFactor: 0 };

/** The number with what it counts, as the pages write it: 71% van de woningen, 2 (klasse ...). */
const withUnit = (number, unit) => {
  if (!unit) return number;
  if (unit.startsWith("klasse")) return `${number} (${unit})`;
  return unit.startsWith("%") ? number + unit : `${number} ${unit}`;
};

/** So far the pointer may move before the tip follows, and so long it waits before it goes. */
const NEAR_PX = 48;
const TIP_WAIT_MS = 300;

/** Panes from below to above; sites are in Leaflet's own marker pane (600). */
const PANES = { rim: 310, areas: 320, borders: 330, chosen: 340, names: 350 };

export class AreaLayers {
  /**
   * @param {L.Map} map
   * @param {Record<string, string>} addresses of the borders, by level
   * @param {(code: string) => void} onChoose called when someone clicks on an area
   */
  constructor(map, addresses, onChoose) {
    this.map = map;
    this.addresses = addresses;
    this.onChoose = onChoose;
    this.borders = new Map();
    this.values = {};
    this.unit = "";
    this.level = null;
    this.tooltip = L.tooltip({ direction: "top", offset: [0, -8], opacity: 1 });
    this.leaving = null;
    for (const [name, zIndex] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = String(zIndex);
    }
  }

  /** The borders of a level as GeoJSON; fetched once. */
  bordersOf(level) {
    if (!this.borders.has(level)) {
      const asked = fetch(this.addresses[level]).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${this.addresses[level]}`);
        return answer.json();
      });
      asked.catch(() => this.borders.delete(level));
      this.borders.set(level, asked);
    }
    return this.borders.get(level);
  }

  /** Draw what never changes: the rim and the borders of the gemeenten. Returns the region. */
  async drawFrame() {
    const gemeenten = await this.bordersOf("gemeente");
    const isRegion = (feature) => feature.properties.r === 1;
    L.geoJSON(gemeenten, {
      ...STILL,
      pane: "rim",
      filter: (feature) => !isRegion(feature),
      style: () => ({ className: "is-rim" }),
    }).addTo(this.map);
    const region = L.geoJSON(gemeenten, {
      ...STILL,
      pane: "borders",
      filter: isRegion,
      style: () => ({ className: "is-border" }),
    }).addTo(this.map);
    return { bounds: region.getBounds(), gemeenten: region.getLayers() };
  }

  /**
   * Show a level, coloured.
   * @param {string} level
   * @param {{gebieden: Record<string, [number, string]>, eenheid: string}|null} figure
   */
  async show(level, figure) {
    const borders = await this.bordersOf(level);
    this.values = figure?.gebieden ?? {};
    this.unit = figure?.eenheid ?? "";
    if (level !== this.level) {
      this.areas?.remove();
      this.areas = this.drawAreas(borders);
      this.level = level;
    }
    this.areas.eachLayer((area) => {
      area.getElement()?.setAttribute("class", `leaflet-interactive ${this.classOf(area)}`);
    });
  }

  drawAreas(borders) {
    return L.geoJSON(borders, {
      pane: "areas",
      smoothFactor: 0,
      filter: (feature) => feature.properties.r === 1,
      style: () => ({ className: "map-area" }),
      onEachFeature: (feature, area) => {
        area.on("click", () => this.onChoose(feature.id));
        // One tooltip of our own: with bindTooltip every area becomes a stop of the Tab key.
        area.on("mouseover mousemove", (event) => this.pointAt(feature, event.latlng));
        area.on("mouseout", () => this.leave());
      },
    }).addTo(this.map);
  }

  classOf(area) {
    const over = this.map.hasTiles ? " map-area--over-tiles" : "";
    const known = this.values[area.feature.id];
    if (!known) return `map-area k-plain${over}`;
    return `map-area ${known[0] ? `k${known[0]}` : "k-none"}${over}`;
  }

  /** The tip stands still while the pointer is near: who magnifies can go to it and read it. */
  pointAt(feature, at) {
    this.stay();
    const isOpen = this.map.hasLayer(this.tooltip);
    if (isOpen && this.pointed === feature.id && this.isNear(at)) return;
    if (!isOpen || this.pointed !== feature.id) {
      this.pointed = feature.id;
      this.tooltip.setContent(this.tip(feature));
    }
    this.tooltip.setLatLng(at).openOn(this.map);
    const element = this.tooltip.getElement();
    if (!element) return;
    element.onmouseenter = () => this.stay();
    element.onmouseleave = () => this.leave();
  }

  isNear(at) {
    const [here, there] = [at, this.tooltip.getLatLng()].map((spot) =>
      this.map.latLngToContainerPoint(spot),
    );
    return here.distanceTo(there) < NEAR_PX;
  }

  stay() {
    window.clearTimeout(this.leaving);
  }

  leave() {
    this.stay();
    this.leaving = window.setTimeout(() => this.tooltip.remove(), TIP_WAIT_MS);
  }

  tip(feature) {
    const box = document.createElement("div");
    const name = document.createElement("strong");
    name.textContent = feature.properties.n;
    box.append(name);
    const known = this.values[feature.id];
    if (known) {
      const value = document.createElement("span");
      value.className = "vp-tip__value";
      value.textContent = known[0] ? withUnit(known[1], this.unit) : known[1];
      box.append(value);
    }
    return box;
  }

  /** Outline one area, or none. With `move` the map goes there. */
  async choose(code, move) {
    this.chosen?.remove();
    this.chosen = null;
    const level = LEVEL_OF_PREFIX[code?.slice(0, 2)];
    if (!level) return;
    const borders = await this.bordersOf(level);
    const feature = borders.features.find((entry) => entry.id === code);
    if (!feature) return;
    this.chosen?.remove();
    this.chosen = L.geoJSON(feature, {
      ...STILL,
      pane: "chosen",
      style: () => ({ className: "is-chosen" }),
    }).addTo(this.map);
    if (move) this.map.fitBounds(this.chosen.getBounds().pad(0.2), { maxZoom: 14 });
  }
}
