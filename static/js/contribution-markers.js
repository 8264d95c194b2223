/**
 * The contributions on the map: a square with the sign of their kind, where sites are round. Many
 * may be brought in about one place; those stand together as one number until one zooms in.
 */
"use strict";

import { SiteMarkers } from "./markers.js";

const { L } = window;
const APART_PX = 30;

/** A contribution steps so far aside for a site that stands in the same place. */
const ASIDE_PX = 22;

export class ContributionMarkers extends SiteMarkers {
  /**
   * @param {L.Map} map
   * @param {(code: string) => void} onChoose called when someone opens a contribution
   * @param {() => L.Point[]} taken where sites stand, in layer points
   */
  constructor(map, onChoose, taken) {
    super(map, "", onChoose);
    this.noun = "reacties";
    this.taken = taken;
    this.areas = L.geoJSON(null, {
      interactive: false,
      style: () => ({ className: "map-contribution" }),
    }).addTo(map);
  }

  /** Show these features (from kaart.geojson) in place of the earlier ones. */
  showFeatures(features) {
    this.areas.clearLayers();
    const drawn = features.filter(({ geometry }) => geometry.type !== "Point");
    this.areas.addData(drawn);
    this.show(features.map(siteOfFeature));
  }

  /**
   * Each joins the first bundle that stands close: quick for many. At the closest zoom those in
   * the very same place still stand together.
   */
  joined(bundles) {
    const found = [];
    for (const bundle of bundles) {
      const at = this.map.project(bundle[0].plek, this.map.getZoom());
      const near = found.find((one) => one.at.distanceTo(at) < APART_PX);
      if (near) near.bundle.push(...bundle);
      else found.push({ at, bundle: [...bundle] });
    }
    return found.map(({ bundle }) => bundle);
  }

  bundles() {
    return this.joined(this.sites.map((site) => [site]));
  }

  drawBundle(bundle) {
    const element = super.drawBundle(bundle);
    const at = this.map.latLngToLayerPoint(middleOf(bundle));
    const isHidden = this.taken().some((point) => point.distanceTo(at) < ASIDE_PX);
    if (isHidden) element.style.translate = `${ASIDE_PX}px ${ASIDE_PX}px`;
    return element;
  }

  /** Where zooming in parts nothing, the first of them is opened. */
  open(bundle) {
    const { lat, lng } = L.latLng(bundle[0].plek);
    const sameSpot = bundle.every(({ plek }) => plek[0] === lat && plek[1] === lng);
    if (bundle.length === 1 || sameSpot || this.map.getZoom() >= this.map.getMaxZoom()) {
      this.onChoose(bundle[0].id);
    } else super.open(bundle);
  }

  symbol(site) {
    const sign = document.createElement("span");
    sign.className = "vp-talk-sign";
    sign.textContent = site.teken;
    return sign;
  }
}

function siteOfFeature({ geometry, properties: { code, naam, teken, status } }) {
  return { id: code, plek: pointOf(geometry), naam: "Reactie", soort: naam, teken, status };
}

function middleOf(bundle) {
  return L.latLngBounds(bundle.map(({ plek }) => plek)).getCenter();
}

/** A point of the shape as the map has it: of an area, the middle of its box. */
function pointOf(geometry) {
  const { lat, lng } = L.geoJSON(geometry).getBounds().getCenter();
  return [lat, lng];
}
