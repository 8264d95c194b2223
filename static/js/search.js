/**
 * Suggestions under the search field: the combobox pattern of the ARIA practices with a list
 * box. Arrow keys choose, Enter goes there, Escape closes. Without a choice the form is sent,
 * as it is without scripts.
 */
"use strict";

const WAIT_MS = 150;
const ENOUGH_LETTERS = 2;

export class Search {
  /**
   * @param {HTMLFormElement} form whose `data-zoek` may say where suggestions come from
   * @param {(hit: {parameter: string, waarde: string, naam: string}) => void} onChoose
   */
  constructor(form, onChoose) {
    this.field = form.querySelector("input[type=search]");
    this.list = form.querySelector("[role=listbox]");
    this.status = form.querySelector("[role=status]");
    this.source = form.dataset.zoek ?? "/kaart/zoek.json";
    this.onChoose = onChoose;
    this.hits = [];
    this.active = -1;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      this.field.setAttribute(name, value);
    }
    this.field.addEventListener("input", () => this.wait());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("blur", () => this.close());
    form.addEventListener("submit", (event) => this.onSubmit(event));
    // Keep the focus in the field while someone clicks on a suggestion.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.hits[Number(option.dataset.i)]);
    });
  }

  wait() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const words = this.field.value.trim();
    if (words.length < ENOUGH_LETTERS) return this.close();
    try {
      const answer = await fetch(`${this.source}?${new URLSearchParams({ q: words })}`);
      const found = answer.ok ? (await answer.json()).gevonden : [];
      if (words === this.field.value.trim()) this.show(found);
    } catch {
      this.close();
    }
    return undefined;
  }

  show(hits) {
    this.hits = hits;
    this.active = -1;
    this.list.replaceChildren(...hits.map((hit, i) => option(hit, i, this.list.id)));
    this.setOpen(hits.length > 0);
    this.status.textContent = hits.length
      ? `${hits.length} gevonden. Kies met de pijltjes.`
      : "Niets gevonden.";
  }

  close() {
    window.clearTimeout(this.timer);
    this.hits = [];
    this.setOpen(false);
    this.mark(-1);
  }

  setOpen(open) {
    this.list.hidden = !open;
    this.field.setAttribute("aria-expanded", String(open));
  }

  onKey(event) {
    const count = this.hits.length;
    if (event.key === "Escape" && count) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" && count) {
      event.preventDefault();
      this.mark((this.active + 1) % count);
    } else if (event.key === "ArrowUp" && count) {
      event.preventDefault();
      this.mark(this.active <= 0 ? count - 1 : this.active - 1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.hits[this.active]);
    }
  }

  /** The button or Enter without a choice: what was typed is the name of the first hit? Go. */
  onSubmit(event) {
    const typed = this.field.value.trim().toLowerCase();
    const [first] = this.hits;
    if (first && first.naam.toLowerCase() === typed) {
      event.preventDefault();
      this.choose(first);
    }
  }

  mark(i) {
    this.active = i;
    [...this.list.children].forEach((item, j) => {
      item.setAttribute("aria-selected", String(i === j));
      if (i === j) item.scrollIntoView({ block: "nearest" });
    });
    if (i >= 0) this.field.setAttribute("aria-activedescendant", this.list.children[i].id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  choose(hit) {
    this.field.value = hit.naam;
    this.close();
    this.status.textContent = `${hit.naam} gekozen.`;
    this.onChoose(hit);
  }
}

function option(hit, i, listId) {
  const item = document.createElement("li");
  item.className = "vp-search__hit";
  item.id = `${listId}-${i}`;
  item.dataset.i = String(i);
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const where = document.createElement("span");
  const kind = hit.soort.charAt(0).toUpperCase() + hit.soort.slice(1);
  where.textContent = hit.waar ? `${kind}, ${hit.waar}` : kind;
  item.append(hit.naam, where);
  return item;
}
