/**
 * How far a computation is, asked again and again; when it ends the page is loaded anew, so that
 * the server tells what came of it. The headline is spoken only when it changes.
 */
"use strict";

const BETWEEN_MS = 1000;
const AFTER_FAULT_MS = 5000;
const box = document.getElementById("voortgang");
const part = document.getElementById("voortgang-deel");

function put(name, text) {
  const element = document.getElementById(`voortgang-${name}`);
  if (element.textContent !== text) element.textContent = text;
}

function tell({ kop, gevonden, duur, deel }) {
  put("kop", kop);
  put("gevonden", gevonden ?? "");
  put("duur", duur);
  if (deel === null) part.removeAttribute("value");
  else part.value = deel;
}

async function look() {
  try {
    const answer = await fetch(box.dataset.adres, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    if (!told.bezig) {
      window.location.reload();
      return;
    }
    tell(told);
    setTimeout(look, BETWEEN_MS);
  } catch (error) {
    console.warn(error);
    put("duur", "De voortgang is even niet te lezen. De berekening gaat door.");
    setTimeout(look, AFTER_FAULT_MS);
  }
}

setTimeout(look, BETWEEN_MS);
