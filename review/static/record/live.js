// What happens to the record meanwhile: others' claims and edits, new readings. And the claim of this person, kept alive by work.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { confirm } from "./dialogs.js";
import { byId } from "./dom.js";
import { waiting } from "./outbox.js";
import { first, reload } from "./settle.js";
import { here, ofRecord, on, state, tell } from "./state.js";
import { showNotes } from "./past.js";

const KEPT_ALIVE_MS = 4 * 60_000;
const AGAIN_MS = 5000;
let lastWork = Date.now();
let lastClaim = Date.now();
let source = null;
let again = null;

/** Claims the record; where somebody else works on it, shows that, and gives false. */
export async function claim() {
  try {
    await ask(ofRecord("claim"), { method: "POST" });
    lastClaim = Date.now();
    return true;
  } catch (error) {
    if (error.status === 401) tell("expired", error);
    else if (error.problem.code === "held") refresh();
    else say(error.message);
    return false;
  }
}

/** Takes the record when it is free. */
export async function take() {
  if (!(await claim())) return;
  await reload();
  first();
}

/** Takes the record from whoever works on it, as a supervisor may. */
export async function breakClaim() {
  const by = state.work.held.by;
  if (!(await confirm(`Take this fax from ${by}?`, `What ${by} entered stays. ${by} is told.`, "Take it"))) return;
  try {
    await ask(ofRecord("claim/break"), { method: "POST" });
  } catch (error) {
    say(error.message);
    return;
  }
  await take();
}

/** Follows the desk's events; when they break off, it begins again. */
export function follow() {
  source?.close();
  source = new EventSource("/api/events");
  source.addEventListener("change", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("end", () => { source.close(); tell("expired"); });
  source.addEventListener("open", catchUp);
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(again);
    again = setTimeout(follow, AGAIN_MS);
  });
}

// What was missed between two connections is in the record itself.
let isFirst = true;
function catchUp() {
  if (!isFirst && state.work && !waiting().count) refresh();
  isFirst = false;
}

function heard(change) {
  tell("change", change);
  if (change.record_id !== here.record || state.work === null) return;
  if (change.kind === "note") showNotes();
  else if (change.kind === "purged") tell("gone");
  else if (change.kind === "revision" && change.revision > state.work.revision) refresh();
  else if (change.kind === "claim" || !state.work.mine) refresh();
}

let refreshing = null;

/** Shows the record as it stands, and says what became of it meanwhile. */
function refresh() {
  refreshing ??= (async () => {
    const before = state.work;
    try {
      await reload();
    } catch (error) {
      if (error.status === 404) tell("gone");
      return;
    } finally {
      refreshing = null;
    }
    tellMeanwhile(before, state.work);
  })();
}

function tellMeanwhile(before, now) {
  if (now.revision > before.revision && !now.final) {
    tell("revised");
    const aside = now.left_aside ? ` ${now.left_aside} entries in rows do not fit it any more; please look at the rows again.` : "";
    say(`This fax was read again meanwhile. It is shown as it stands now, with what you entered.${aside}`);
  } else if (now.final && !before.final) {
    say(`${now.completed_by ?? "Somebody"} has ended this fax meanwhile.`);
  } else if (before.mine && !now.mine && now.held) {
    say(`${now.held.by} works on this fax now. What you have entered is kept.`);
  } else if (!before.mine && before.held && !now.held && !now.final) {
    say(`${before.held.by} has let go of this fax. Alt+T takes it.`);
    byId("take").focus();
  }
}

async function keepAlive() {
  if (!state.work?.mine || lastWork < lastClaim) return;
  lastClaim = Date.now();
  await ask(ofRecord("claim"), { method: "POST" }).catch((error) => {
    if (error.status === 401) tell("expired", error);
    if (error.problem?.code === "held") refresh();
  });
}

/** Takes part in the page's life. */
export function startLive() {
  addEventListener("keydown", () => { lastWork = Date.now(); });
  addEventListener("pointerdown", () => { lastWork = Date.now(); });
  setInterval(keepAlive, KEPT_ALIVE_MS);
  on("signed-in", follow);
  follow();
}
