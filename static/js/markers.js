/**
 * The sites on the map. Sites that would overlap stand together as one number; zooming in
 * parts them. Together they are one stop of the Tab key; the arrow keys go from one to the next.
 */
"use strict";

const { L } = window;
const SVG = "http://www.w3.org/2000/svg";
const SIZE_PX = 32;
const NEAR_PX = 31;
/** From this zoom on every site stands by itself. */
const ALL_APART_ZOOM = 16;
/** A tip of several lines needs so much room above its marker. */
const TIP_ROOM_PX = 130;
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class SiteMarkers {
  /**
   * @param {L.Map} map
   * @param {string} symbols address of the file of symbols, ending in "#"
   * @param {(id: number) => void} onChoose called when someone opens a site
   */
  constructor(map, symbols, onChoose) {
    this.map = map;
    this.symbols = symbols;
    this.onChoose = onChoose;
    this.group = L.layerGroup().addTo(map);
    this.sites = [];
    this.elements = [];
    this.chosenId = null;
    /** What several of them are called. */
    this.noun = "locaties";
    map.on("zoomend", () => this.draw());
  }

  /** Show these sites (from locaties.json) in place of the earlier ones. */
  show(sites) {
    this.sites = sites;
    this.draw();
  }

  /** Mark one site, or none. With `move` the map goes there when it is out of sight. */
  choose(id, move) {
    this.chosenId = id;
    const site = this.sites.find((entry) => entry.id === id);
    if (site && move) this.reveal(site);
    this.draw();
  }

  reveal(site) {
    const alone = this.bundles().some((bundle) => bundle.length === 1 && bundle[0] === site);
    if (!alone) this.map.setView(site.plek, Math.max(this.map.getZoom(), ALL_APART_ZOOM - 1));
    else this.map.panInside(site.plek, { padding: [60, 60] });
  }

  draw() {
    const hadFocus = this.elements.indexOf(document.activeElement);
    this.group.clearLayers();
    this.elements = this.bundles().map((bundle) => this.drawBundle(bundle));
    this.elements.forEach((element, i) => this.makeReachable(element, i));
    if (hadFocus >= 0) this.elements[Math.min(hadFocus, this.elements.length - 1)]?.focus();
  }

  /** Sites in bundles that do not overlap each other at this zoom; the chosen one is alone. */
  bundles() {
    const chosen = this.sites.filter((site) => site.id === this.chosenId);
    const others = this.sites.filter((site) => site.id !== this.chosenId);
    if (this.map.getZoom() >= ALL_APART_ZOOM) return this.sites.map((site) => [site]);
    return [...this.joined(others.map((site) => [site])), ...chosen.map((site) => [site])];
  }

  /** The bundles, those that overlap joined until none does. */
  joined(bundles) {
    const points = bundles.map((bundle) => this.map.project(middle(bundle), this.map.getZoom()));
    for (let i = 0; i < bundles.length; i += 1) {
      for (let j = i + 1; j < bundles.length; j += 1) {
        if (points[i].distanceTo(points[j]) < NEAR_PX) {
          const rest = bundles.filter((_, k) => k !== i && k !== j);
          return this.joined([[...bundles[i], ...bundles[j]], ...rest]);
        }
      }
    }
    return bundles;
  }

  /** Where the markers stand now, in pixels of the map. */
  places() {
    return this.bundles().map((bundle) => this.map.latLngToLayerPoint(middle(bundle)));
  }

  drawBundle(bundle) {
    const [site] = bundle;
    const one = bundle.length === 1;
    const chosen = one && site.id === this.chosenId;
    const marker = L.marker(middle(bundle), {
      keyboard: false,
      riseOnHover: true,
      zIndexOffset: chosen ? 1000 : 0,
      icon: L.divIcon({
        className: one
          ? `vp-marker${chosen ? " vp-marker--chosen" : ""}`
          : "vp-marker vp-marker--many",
        html: one ? this.symbol(site) : String(bundle.length),
        iconSize: [SIZE_PX, SIZE_PX],
      }),
    });
    marker.on("click", () => this.open(bundle));
    const tip = document.createElement("span");
    tip.textContent = one ? label(site) : this.manyTold(bundle);
    marker.bindTooltip(tip, { direction: "top", offset: [0, -SIZE_PX / 2], opacity: 1 });
    marker.on("tooltipopen", ({ tooltip }) => turnInside(marker, tooltip));
    this.group.addLayer(marker);
    const element = marker.getElement();
    element.setAttribute(
      "aria-label",
      one ? label(site) : `${this.manyTold(bundle)}. Kies om in te zoomen.`,
    );
    element.dataset.ids = bundle.map((entry) => entry.id).join(" ");
    element.addEventListener("keydown", (event) => this.onKey(event, bundle));
    return element;
  }

  manyTold(bundle) {
    return `${bundle.length} ${this.noun} dicht bij elkaar`;
  }

  open(bundle) {
    if (bundle.length === 1) this.onChoose(bundle[0].id);
    else this.map.fitBounds(L.latLngBounds(bundle.map((site) => site.plek)).pad(0.5));
  }

  symbol(site) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", `vp-symbol vp-symbol--${site.groep}`);
    svg.setAttribute("viewBox", "-7 -7 38 38");
    svg.setAttribute("aria-hidden", "true");
    const ring = svgPart("circle", { class: "vp-symbol__ring", cx: 12, cy: 12, r: 17 });
    const href = `${this.symbols}${site.symbool}`;
    svg.append(ring, svgPart("use", { href, width: 24, height: 24 }));
    return svg;
  }

  makeReachable(element, i) {
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", i === 0 ? "0" : "-1");
  }

  onKey(event, bundle) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.open(bundle);
    } else if (event.key in STEPS) {
      event.preventDefault();
      event.stopPropagation();
      this.step(this.elements.indexOf(event.currentTarget) + STEPS[event.key]);
    }
  }

  step(to) {
    const count = this.elements.length;
    const element = this.elements[(to + count) % count];
    for (const other of this.elements) other.setAttribute("tabindex", "-1");
    element.setAttribute("tabindex", "0");
    element.focus();
  }
}

/** Near the upper edge of the map a tip stands below its marker, where it is not cut off. */
function turnInside(marker, tooltip) {
  const { _map: map } = tooltip;
  const isHigh = map.latLngToContainerPoint(marker.getLatLng()).y < TIP_ROOM_PX;
  tooltip.options.direction = isHigh ? "bottom" : "top";
  tooltip.options.offset = [0, (isHigh ? 1 : -1) * (SIZE_PX / 2)];
  tooltip.update();
}

function svgPart(tag, attributes) {
  const part = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  return part;
}

function label(site) {
  return `${site.naam}: ${site.soort}, ${site.status.toLowerCase()}`;
}

function middle(bundle) {
  const sum = bundle.reduce(([lat, lon], site) => [lat + site.plek[0], lon + site.plek[1]], [0, 0]);
  return [sum[0] / bundle.length, sum[1] / bundle.length];
}
