/**
 * The names of the gemeenten on the map: to find one's way, also without a background. A name
 * moves aside for the sites near it; where there is no room it stays away.
 */
"use strict";

const { L } = window;
/** Room that a marker takes, from its middle. */
const MARKER_PX = 20;
const LINE_PX = 20;
/** Where a name may stand, from its own point: the nearest free place is taken. */
const STEPS_PX = [0, 24, -24, 46, -46, 68, -68];

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

  /** Write the name of each feature at the point that the borders give for it. */
  show(features) {
    this.names = features.filter(({ properties }) => properties.p).map(({ properties }) => {
      const text = document.createElement("span");
      text.textContent = properties.n;
      const [lon, lat] = properties.p;
      const marker = L.marker([lat, lon], {
        pane: "names",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "vp-map-name", html: text, iconSize: null }),
      }).addTo(this.map);
      return { marker, text };
    });
    this.place();
  }

  /** Find a free place for every name. */
  place() {
    const boxes = this.taken().map(({ x, y }) => boxAround(x, y, MARKER_PX, MARKER_PX));
    for (const { marker, text } of this.names) {
      const at = this.map.latLngToLayerPoint(marker.getLatLng());
      const half = text.offsetWidth / 2;
      const spots = STEPS_PX.flatMap((dy) => STEPS_PX.map((dx) => [dx, dy]));
      spots.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
      const free = spots.find(([dx, dy]) => {
        const own = boxAround(at.x + dx, at.y + dy, half, LINE_PX / 2);
        return !boxes.some((box) => overlap(box, own));
      });
      text.hidden = !free;
      if (!free) continue;
      text.style.translate = `${free[0]}px ${free[1]}px`;
      boxes.push(boxAround(at.x + free[0], at.y + free[1], half, LINE_PX / 2));
    }
  }
}

function boxAround(x, y, halfWidth, halfHeight) {
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
