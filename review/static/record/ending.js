// The end of the work on a record: complete or dismiss it, take it up again, let go of it, open the next one.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { isRefused } from "./checks.js";
import { all, controlFor, focus, focused, isDirty } from "./form.js";
import { send } from "./outbox.js";
import { first, keep, openQuestions, reload, warn } from "./settle.js";
import { here, isOpen, ofRecord, state, tell } from "./state.js";

/** Completes the record, and opens the next one. */
export async function complete() {
  if (!isOpen()) return;
  const control = focused();
  if (control?.input && isDirty(control) && document.activeElement === control.input) {
    if (isRefused(control)) {
      warn(control);
      return;
    }
    keep(control, control.input.value);
  }
  const typed = all().find((one) => one.input && isDirty(one));
  const open = openQuestions().filter((one) => one.kind !== "warning");
  if (typed || open.length) {
    focus(typed ?? controlFor(open[0].path));
    say(typed ? `${typed.title} is typed and not kept: Enter keeps it, Esc takes it back.`
      : `${open.length} ${open.length === 1 ? "question is" : "questions are"} not settled yet.`);
    return;
  }
  await end("complete");
}

/** Says that there is no request in these pages, and opens the next one. */
export const dismiss = () => end("dismiss");

let ending = false;

async function end(part) {
  if (ending) return;
  ending = true;
  tell("answered");
  const outcome = await send(part, {});
  if (outcome.ok) {
    await openNext();
    return;
  }
  ending = false;
  say(outcome.error.message);
  await reload();
  first();
}

/** Takes a record up again that is at its end. */
export async function reopen() {
  const outcome = await send("reopen", {});
  if (!outcome.ok) {
    say(outcome.error.message);
    return;
  }
  await reload();
  first();
}

/** Opens the most urgent fax that waits; with `after`, the one behind this. Without any, the queue. */
export async function openNext({ after = null } = {}) {
  if (here.second) {
    location.assign("/second-readings");
    return;
  }
  const wanted = { ...(here.filter && { filter_id: here.filter }), ...(after && { after }) };
  try {
    const found = await ask("/api/next", { method: "POST", body: wanted });
    go(found ? `/records/${encodeURIComponent(found.record_id)}` : "/queue");
  } catch (error) {
    say(error.message);
    if (error.status === 401) tell("expired", error);
  }
}

/** Lets go of the record, so that others may take it. */
export async function release() {
  if (!state.work?.mine || here.second) return;
  await ask(ofRecord("claim"), { method: "DELETE" }).catch(() => null); // it ends by itself, too
}

/** Goes to another page of the desk, in the same filter. */
export function go(path) {
  location.assign(here.filter ? `${path}?filter=${encodeURIComponent(here.filter)}` : path);
}
