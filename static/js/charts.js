/**
 * Charts as pictures: the SVG of a chart, drawn by the browser and kept as PNG.
 * The file holds its own title, source and colours, so the picture does too.
 */
"use strict";

/** Twice the size of the drawing, so that it is sharp in a document. */
const SCALE = 2;

function drawn(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function takePicture(event) {
  event.preventDefault();
  const link = event.currentTarget;
  const image = new Image();
  image.src = link.href;
  try {
    await image.decode();
    keep(await drawn(image), link.dataset.png);
  } catch {
    window.location.assign(link.href);
  }
}

for (const link of document.querySelectorAll("a[data-png]")) {
  link.addEventListener("click", takePicture);
}
