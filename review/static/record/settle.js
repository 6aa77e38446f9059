// Settling: accept, keep, take back, undo, go on to the next question, complete and open the next fax.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { isRefused } from "./checks.js";
import { byId } from "./dom.js";
import { all, controlAt, controlFor, focus, focused, isDirty, mark, restore, showRecord } from "./form.js";
import { edit, send, waiting } from "./outbox.js";
import { here, isOpen, ofRecord, state, tell } from "./state.js";
import { questionsAt } from "./strip.js";

// Questions that were answered, whose answers the desk does not have yet.
const answered = new Map();
// Where this person entered something, newest last: an undo goes back there.
const trail = [];

/** The questions that are still open, in their order. */
export const openQuestions = () => (state.work?.questions ?? []).filter((one) => !answered.has(one.path));

/** Shows the record as the desk has it now. */
export function showWork(work) {
  state.work = work;
  showRecord();
  tell("work");
}

/** Asks the desk for the record as it stands, and shows it. */
export async function reload() {
  showWork(await ask(ofRecord("work")));
}

/** Enter: keeps what was typed, or says that the value is right, or that the form leaves the gap so; then goes on. */
export function enter(control) {
  if (!isOpen() || control.element.readOnly) return;
  if (control.input && isDirty(control)) keep(control, control.input.value);
  else if (questionsAt(control).length) accept(control);
  else next(control);
}

/** Keeps a text as the value of a control, unless the desk is known to refuse it; then goes on. */
export function keep(control, text) {
  if (!isOpen()) return;
  if (control.input.value !== text) {
    control.input.value = text;
    control.told = null;
  }
  if (isRefused(control)) {
    say(`Not kept: ${control.told.problem}`);
    tell("told", control);
    return;
  }
  if (text === control.shown && questionsAt(control).length) {
    accept(control);
    return;
  }
  control.shown = text;
  const place = control.spot;
  answer(control, [...questionsAt(control).map((one) => one.path)], [["set", control.path, text, place]]);
  next(control);
}

/** Says that what a control shows is right. */
export function accept(control) {
  const paths = questionsAt(control).map((one) => one.path);
  answer(control, paths, paths.map((path) => ["accept", path]));
  next(control);
}

/** Keeps a change of an authorization; gives the desk's answer. */
export async function keepChange(path, value) {
  const control = controlAt(path) ?? controlFor("amendments");
  return answer(control, ["amendments", path], [["set", path, value, null]]);
}

/** Removes the row that a control is in. */
export async function removeRow(control) {
  const [list, row] = control.path.split(".");
  if (!isOpen() || row === undefined || !["diagnoses", "services", "amendments"].includes(list)) {
    say("This is not in a row.");
    return;
  }
  if (state.work.record[list].length <= Number(row)) {
    restore(control);
    showWork(state.work);
    focus(controlFor(list));
    return;
  }
  await answer(control, [], [["remove_row", `${list}.${row}`]]);
  focus(controlAt(control.path) ?? controlFor(list));
  say(`Row ${Number(row) + 1} is removed. Ctrl+Z brings it back.`);
}

/** Takes the last kept entry back. */
export async function undo() {
  if (!isOpen()) return;
  const before = focused();
  const outcome = await edit("undo");
  if (!outcome.ok) {
    refused(null, outcome.error);
    return;
  }
  showWork(outcome.work);
  const path = trail.pop();
  const control = path ? controlAt(path) ?? controlFor(path) : controlFor(openQuestions()[0]?.path ?? "request.kind");
  // Whoever has gone on meanwhile is left there.
  if (focused()?.path === before?.path && !(before?.input && isDirty(controlAt(before.path) ?? before))) focus(control);
  say(`Taken back: ${control.title}.`);
}

/** Starts keying a request that could not be read. */
export async function byHand() {
  const outcome = await edit("by_hand");
  if (!outcome.ok) {
    refused(null, outcome.error);
    return;
  }
  trail.push(null);
  showWork(outcome.work);
  // It decides what else is asked.
  focus(controlAt("request.kind"));
}

async function answer(control, paths, edits) {
  const path = control.path;
  paths.forEach((one) => answered.set(one, (answered.get(one) ?? 0) + 1));
  control.pending = (control.pending ?? 0) + 1;
  mark(control);
  tell("answered");
  trail.push(path);
  const outcomes = await Promise.all(edits.map((one) => edit(...one)));
  for (const one of paths) {
    const left = answered.get(one) - 1;
    if (left) answered.set(one, left);
    else answered.delete(one);
  }
  const now = controlAt(path) ?? control;
  now.pending = Math.max(0, (now.pending ?? 1) - 1);
  const failed = outcomes.find((one) => !one.ok);
  if (failed) {
    trail.splice(trail.lastIndexOf(path), 1);
    refused(now, failed.error);
    // It is not as it was: what was typed stays typed, beside the record as it stands.
    if (failed.error.status === 409) await reload().catch(() => null);
    return failed;
  }
  now.told = null;
  showWork(outcomes.at(-1).work);
  return outcomes.at(-1);
}

/** The desk did not keep something: it stays typed where it was, and says why. */
function refused(control, error) {
  if (control?.input && control.input.value === control.shown) {
    const typed = control.input.value;
    control.shown = "";
    restore(control);
    showRecord();
    control.input.value = typed;
    control.told = { text: typed, problem: error.message, refused: error.problem.code === "refused" };
    mark(control);
  }
  tell("told", control);
  tell("answered");
  tell("not-kept", { control, error });
  say(control ? `${control.title}: not kept. ${error.message}` : error.message);
}

/** Goes on to the next open question behind a control's; where none is left, to the button that completes. */
export function next(control) {
  const asked = state.work.questions;
  const at = asked.findIndex((one) => controlFor(one.path) === control);
  const isOther = (one) => !answered.has(one.path) && controlFor(one.path) !== control;
  const found = asked.slice(at + 1).find(isOther) ?? asked.find(isOther);
  if (found) focus(controlFor(found.path));
  else if (!questionsAt(control).some((one) => !answered.has(one.path))) {
    byId("complete").focus();
    say("All is settled. Enter completes, and opens the next fax.");
  }
}

/** Goes to the question before or after, without an answer. */
export function step(by) {
  const questions = openQuestions();
  if (!questions.length) return;
  const at = questions.findIndex((one) => controlFor(one.path) === focused());
  const next = at < 0 ? (by > 0 ? 0 : questions.length - 1) : (at + by + questions.length) % questions.length;
  focus(controlFor(questions[next].path));
}

/** Goes to the first open question. */
export function first() {
  const [question] = openQuestions();
  if (question) focus(controlFor(question.path));
  else if (state.work.final || !state.work.mine) byId("viewer").focus({ preventScroll: true });
  else byId("complete").focus();
}

/** Goes to the field before or after. */
export function neighbour(control, by) {
  const among = all();
  const at = among.indexOf(control);
  const found = among[at + by];
  if (found) focus(found);
}

/** Completes the record, and opens the next one. */
export async function complete() {
  if (!isOpen()) return;
  const control = focused();
  if (control?.input && isDirty(control) && document.activeElement === control.input) {
    if (isRefused(control)) {
      say(`Not kept: ${control.told.problem}`);
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
  if (!state.work?.mine) return;
  await ask(ofRecord("claim"), { method: "DELETE" }).catch(() => null); // it ends by itself, too
}

/** Goes to another page of the desk, in the same filter. */
export function go(path) {
  location.assign(here.filter ? `${path}?filter=${encodeURIComponent(here.filter)}` : path);
}

/** Whether something would be lost if the page were left now. */
export const isUnsaved = () => waiting().count > 0 || all().some((one) => one.input && isDirty(one) && isOpen());
