/** One box that ticks all boxes of a list, and how many are ticked. */
"use strict";

const all = document.querySelector("[data-kies-alle]");
const boxes = [...document.querySelectorAll(`[name="${all?.dataset.kiesAlle}"]`)];
const told = document.querySelector("[data-kies-telt]");

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && !all.checked;
  told.textContent = ticked ? `${ticked} van ${boxes.length} aangevinkt` : "";
}

if (all) {
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}
