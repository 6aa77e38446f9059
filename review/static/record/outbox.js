// What was entered and is not yet known to be kept. It stays here, in the page's memory only, until the desk has answered.

import { ask } from "../desk.js";
import { ofRecord, state, tell } from "./state.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const entries = [];
let sending = false;
let stopped = false; // the session is over
let wait = FIRST_WAIT_MS;
let timer = null;
let retryAt = null;

/** How many entries the desk does not have yet; whether it cannot be reached, and when it is tried again. */
export function waiting() {
  return { count: entries.length, unreached: retryAt !== null, retryAt, stopped };
}

/** Whether something entered for a path is on its way. */
export function isPending(path) {
  return entries.some((entry) => entry.body.path === path);
}

/**
 * Sends something that a person did, after all that was done before. The promise gives {ok, work} or {ok: false, error},
 * and does neither while the desk cannot be reached.
 */
export function send(part, body) {
  return new Promise((resolve) => {
    // The key lets the desk know an entry that it has had before, when only its answer was lost.
    entries.push({ part, body: { key: crypto.randomUUID?.() ?? key(), ...body }, resolve });
    tell("outbox");
    if (retryAt === null) pump();
  });
}

// Without TLS, on a machine other than this one, browsers give no randomUUID.
function key() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends an edit of the record as it is seen now. */
export function edit(action, path = null, value = null, spot = null) {
  const place = spot ? { page: spot.page, box: spot.box } : {};
  return send("edits", { action, revision: state.work.revision, path, value, ...place });
}

/** Tries at once what waits: after a new sign-in, or when asked to. */
export function retry() {
  stopped = false;
  clearTimeout(timer);
  retryAt = null;
  pump();
}

async function pump() {
  if (sending || stopped || !entries.length) return;
  sending = true;
  const entry = entries[0];
  try {
    const work = await ask(ofRecord(entry.part), { method: "POST", body: entry.body });
    done(entry, { ok: true, work });
  } catch (error) {
    settle(entry, error);
  } finally {
    sending = false;
    tell("outbox");
  }
  if (retryAt === null) pump();
}

function settle(entry, error) {
  if (error.status === 401 || (error.status === 403 && !entry.wasForbidden)) {
    // Forbidden once is what a page of an earlier session gets; with the token of the new one it is tried again.
    entry.wasForbidden = error.status === 403;
    stopped = true;
    tell("expired", error);
  } else if (!error.status || error.status >= 500) {
    retryAt = Date.now() + wait;
    timer = setTimeout(retry, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  } else {
    done(entry, { ok: false, error });
  }
}

function done(entry, outcome) {
  wait = FIRST_WAIT_MS;
  entries.splice(entries.indexOf(entry), 1);
  entry.resolve(outcome);
}

addEventListener("online", () => retryAt !== null && retry());
