/**
 * Quick work on the list of a moderator: a letter chooses and goes to the next contribution.
 *
 * The letters work only while the focus is in a row, and never while somebody types. Without
 * this script the same choices are there, with Tab and the arrows.
 */

const LETTERS = { p: "plaatsen", g: "inkorten", n: "weigeren", l: "" };
const form = document.querySelector("form.vp-mod");
const rows = [...document.querySelectorAll("[data-row]")];

const chosen = (row) => row.querySelector("[data-keuze]:checked")?.dataset.keuze ?? "";
const focusable = (row) => row.querySelector("[data-keuze]:checked") ?? row.querySelector("select");

function show(row) {
  row.dataset.keuze = chosen(row);
  if (chosen(row) === "inkorten") {
    row.querySelector("details").open = true;
  }
}

function count() {
  const place = document.querySelector("[data-count]");
  const done = rows.filter((row) => chosen(row) !== "").length;
  if (place) {
    place.textContent = done ? `${done} van ${rows.length} gekozen` : "";
  }
}

function go(row, step) {
  const next = rows[rows.indexOf(row) + step];
  const target = next ? focusable(next) : step > 0 ? form.querySelector("button[type=submit]") : null;
  target?.focus();
  (next ?? target)?.scrollIntoView({ block: "nearest" });
}

function choose(row, key) {
  const option = row.querySelector(`[data-keuze="${key}"]`);
  if (!option) {
    return false;
  }
  option.checked = true;
  show(row);
  count();
  if (key === "weigeren") {
    row.querySelector(".vp-mod__rule select").focus();
  } else if (key === "inkorten") {
    row.querySelector("textarea").focus();
  } else {
    go(row, 1);
  }
  return true;
}

function onKey(event) {
  const row = event.target.closest("[data-row]");
  const isTyping = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (!row || isTyping || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    event.preventDefault();
    go(row, key === "j" ? 1 : -1);
  } else if (key in LETTERS && choose(row, LETTERS[key])) {
    event.preventDefault();
  }
}

if (form && rows.length) {
  form.classList.add("vp-mod--quick");
  rows.forEach(show);
  count();
  form.addEventListener("keydown", onKey);
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) {
      show(row);
      count();
    }
  });
}
