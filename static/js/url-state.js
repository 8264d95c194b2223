/**
 * The state of the view lives in the address; the form shows it.
 *
 * Everything that the server knows of (level, figure, filters, selection) is read from the form
 * and written as the shortest query: what goes without saying is left out. The position of the
 * map (`kaart=lat,lon,zoom`) is only ours.
 */
"use strict";

const POSITION = "kaart";
const SELECTION = ["gebied", "locatie"];

/** The query of the address as it is now. */
export function currentState() {
  return new URLSearchParams(window.location.search);
}

/** The query for what the form says, keeping the position and the selection of `state`. */
export function stateOfForm(form, state) {
  const defaults = JSON.parse(form.dataset.defaults);
  const chosen = new URLSearchParams();
  const values = new FormData(form);
  for (const [name, usual] of Object.entries(defaults)) {
    const asked = values.getAll(name).filter((value) => value !== "");
    if (!sameValues(asked, [].concat(usual))) {
      for (const value of asked) chosen.append(name, value);
    }
  }
  for (const name of [...SELECTION, POSITION]) {
    if (state.has(name)) chosen.set(name, state.get(name));
  }
  return chosen;
}

/** Make the form say what `state` says. */
export function fillForm(form, state) {
  const defaults = JSON.parse(form.dataset.defaults);
  for (const [name, usual] of Object.entries(defaults)) {
    const values = state.has(name) ? splitAll(state.getAll(name)) : [].concat(usual);
    for (const field of form.elements) {
      if (field.name !== name) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.includes(field.value);
      } else {
        field.value = values[0] ?? "";
      }
    }
  }
}

/** The value that counts: of the address, else what goes without saying. */
export function valueOf(form, state, name) {
  return state.get(name) || JSON.parse(form.dataset.defaults)[name];
}

/** `state` with this one thing selected (an area or a site), or nothing. */
export function withSelection(state, name, value) {
  const changed = new URLSearchParams(state);
  for (const other of SELECTION) changed.delete(other);
  if (name) changed.set(name, value);
  return changed;
}

/** Without the position of the map: the part that the server answers. */
export function forServer(state) {
  const asked = new URLSearchParams(state);
  asked.delete(POSITION);
  return asked;
}

/** A new step in the history of the browser. */
export function pushState(state) {
  window.history.pushState(null, "", addressOf(state));
}

/** The position of the map, without a new step in the history. */
export function notePosition(map) {
  const state = currentState();
  const { lat, lng } = map.getCenter();
  state.set(POSITION, [lat.toFixed(4), lng.toFixed(4), map.getZoom()].join(","));
  window.history.replaceState(null, "", addressOf(state));
}

/** The position in the address as [[lat, lon], zoom], or null when there is none that works. */
export function positionOf(state) {
  const numbers = (state.get(POSITION) ?? "").split(",").map(Number);
  const works = numbers.length === 3 && numbers.every(Number.isFinite);
  return works ? [[numbers[0], numbers[1]], numbers[2]] : null;
}

function addressOf(state) {
  const query = state.toString().replaceAll("%2C", ",");
  return query ? `${window.location.pathname}?${query}` : window.location.pathname;
}

function splitAll(values) {
  return values.flatMap((value) => value.split(","));
}

function sameValues(some, others) {
  return some.length === others.length && others.every((value) => some.includes(value));
}
