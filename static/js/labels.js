/**
 * The names of the gemeenten on the map: to find one's way, also without a background. A name
 * moves aside for the sites near it; where there is no room it stays away.
 */
"use strict";

const { L } = window;
/** Room that a marker takes, from its middle. */
const MARKER_PX = 18;
const LINE_PX = 16;
/** How finely the places are tried where a name may stand. */
const STEP_PX = 8;

export class Names {
  /**
   * @param {L.Map} map
   * @param {() => L.Point[]} taken where other things stand, in layer points
   */
  constructor(map, taken) {
    this.map = map;
    this.taken = taken;
    this.names = [];
    map.on("zoomend", () => this.place());
  }

  /** Write the name of each gemeente (a layer of Leaflet) at the point that it gives for it. */
  show(gemeenten) {
    this.names = gemeenten.map((area) => {
      const { properties } = area.feature;
      const text = document.createElement("span");
      text.textContent = properties.n;
      const [lon, lat] = properties.p;
      const marker = L.marker([lat, lon], {
        pane: "names",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "vp-map-name", html: text, iconSize: null }),
      }).addTo(this.map);
      return { marker, text, area };
    });
    this.place();
  }

  /** Find a free place for every name. */
  place() {
    const boxes = this.taken().map(({ x, y }) => boxAround(x, y, MARKER_PX, MARKER_PX));
    for (const { marker, text, area } of this.names) {
      text.hidden = false;
      const at = this.map.latLngToLayerPoint(marker.getLatLng());
      const half = text.offsetWidth / 2;
      const own = ({ x, y }) => boxAround(x, y, half, LINE_PX / 2);
      const isFree = (spot) => !boxes.some((box) => overlap(box, own(spot)));
      const free = isFree(at) ? at : this.spots(area, at).find(isFree);
      text.hidden = !free;
      if (!free) continue;
      text.style.translate = `${free.x - at.x}px ${free.y - at.y}px`;
      boxes.push(own(free));
    }
  }

  /** Points within the part of the area that is in sight, the nearest to `at` first. */
  spots(area, at) {
    const path = area.getElement();
    const bounds = area.getBounds();
    const first = this.map.containerPointToLayerPoint([0, 0]);
    const last = first.add(this.map.getSize());
    const low = this.map.latLngToLayerPoint(bounds.getNorthWest());
    const high = this.map.latLngToLayerPoint(bounds.getSouthEast());
    const found = [];
    for (let y = Math.max(low.y, first.y); y <= Math.min(high.y, last.y); y += STEP_PX) {
      for (let x = Math.max(low.x, first.x); x <= Math.min(high.x, last.x); x += STEP_PX) {
        if (path.isPointInFill({ x, y })) found.push(L.point(x, y));
      }
    }
    return found.sort((a, b) => a.distanceTo(at) - b.distanceTo(at));
  }
}

function boxAround(x, y, halfWidth, halfHeight) {
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
