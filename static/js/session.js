/**
 * Tells who is signed in, two minutes before, that a session ends by itself. Whoever is busy on the
 * page, or on another tab, stays signed in: any key or click is enough, also after the warning. When
 * the session did end, what was typed stays on the page, and can be sent after signing in on another
 * tab.
 */
"use strict";

const WARN_MS = 120_000;
const LOOK_MS = 5_000;
/** So long after the last one a sign of life is passed on, by what is told now. */
const PASS_ON_MS = { open: 60_000, idle: 0, last: 60_000, ended: 5_000 };
const READ_MS = 8_000;
const SIGNS = ["keydown", "pointerdown", "wheel", "touchstart"];
const OWN_PAGE = "/account";

const IDLE =
  "U bent een tijd niet bezig geweest. Over 2 minuten logt u vanzelf uit. Druk op een toets of " +
  "klik, dan blijft u ingelogd.";
const STAYS = "U blijft ingelogd.";
const ENDED =
  "U bent niet meer ingelogd. Wat u typte, staat nog op deze pagina. Log in op een ander tabblad. " +
  "Daarna kunt u het hier versturen.";
const AGAIN = "U bent weer ingelogd. U kunt hier verder.";

const lastWords = (at) => {
  const clock = new Date(at).toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
  return `Om ${clock} uur logt u vanzelf uit. U bent dan 12 uur ingelogd. Sla op wat u typte.`;
};

class Session {
  /** @param {HTMLElement} told where it is said; with how long rest may last, and the end */
  constructor(told) {
    this.told = told;
    this.restMs = Number(told.dataset.rust) * 1000;
    this.endsAt = Number(told.dataset.einde) * 1000;
    this.passedOnAt = Date.now();
    this.askedAt = this.passedOnAt;
    this.state = "open";
    for (const sign of SIGNS) {
      document.addEventListener(sign, () => this.onSign(), { capture: true, passive: true });
    }
    document.addEventListener("visibilitychange", () => this.onReturn());
    this.tabs = new BroadcastChannel("vlekkenplan-sessie");
    this.tabs.addEventListener("message", () => this.onOtherTab());
    this.tabs.postMessage("bezig");
    window.setInterval(() => this.look(), LOOK_MS);
  }

  onSign() {
    if (Date.now() - this.askedAt >= PASS_ON_MS[this.state]) this.passOn();
  }

  /** Who comes back from another tab may have signed in there. */
  onReturn() {
    this.look();
    if (this.state === "ended" && document.visibilityState === "visible") this.passOn();
  }

  /** A page that opens, or a sign of life on it, counts for this tab as well. */
  onOtherTab() {
    if (this.state === "ended") return;
    this.passedOnAt = Date.now();
    if (this.state === "idle") this.say("open", STAYS);
  }

  /** Ask for a page of one's own: the session then rests from now on. */
  async passOn() {
    if (this.told.ariaBusy === "true") return;
    this.told.ariaBusy = "true";
    this.askedAt = Date.now();
    try {
      const answer = await fetch(OWN_PAGE, { headers: { Accept: "text/html" } });
      await this.hear(answer);
    } catch {
      // No connection: the next sign tries again.
    } finally {
      this.told.ariaBusy = null;
    }
  }

  async hear(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const session = page.querySelector("[data-rust]");
    if (!answer.ok || !session) {
      this.say("ended", ENDED);
      return;
    }
    const before = this.state;
    this.passedOnAt = Date.now();
    this.endsAt = Number(session.dataset.einde) * 1000;
    this.tabs.postMessage("bezig");
    if (before === "ended") this.renewProof(page);
    if (before === "ended") this.say("open", AGAIN);
    if (before === "idle") this.say("open", STAYS);
  }

  /** Forms of this page carry the proof of the session that began since. */
  renewProof(page) {
    const fresh = page.querySelector("[name=csrf_token]")?.value;
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = fresh;
  }

  look() {
    const rests = this.passedOnAt + this.restMs - Date.now();
    const lasts = this.endsAt - Date.now();
    if (this.state === "ended") return;
    if (Math.min(rests, lasts) <= 0) this.say("ended", ENDED);
    else if (lasts <= WARN_MS) this.say("last", lastWords(this.endsAt));
    else if (rests <= WARN_MS) this.say("idle", IDLE);
  }

  say(state, text) {
    if (this.state === state && this.told.textContent === text) return;
    this.state = state;
    this.told.textContent = text;
    this.told.hidden = false;
    window.clearTimeout(this.hiding);
    if (state === "open") this.hiding = window.setTimeout(() => (this.told.hidden = true), READ_MS);
  }
}

for (const told of document.querySelectorAll("[data-rust]")) new Session(told);
