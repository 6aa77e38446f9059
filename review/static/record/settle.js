// Settling: accept, keep, take back, undo, go on to the next question.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { isRefused } from "./checks.js";
import { byId } from "./dom.js";
import { all, controlAt, controlFor, focus, focused, isAdded, isDirty, mark, restore, showRecord } from "./form.js";
import { answersTo, linkAsked, nameOf } from "./notices.js";
import { edit, waiting } from "./outbox.js";
import { isOpen, ofRecord, on, state, tell } from "./state.js";
import { questionsAt } from "./strip.js";

// Questions that were answered, whose answers the desk does not have yet.
const answered = new Map();
// Where this person entered something, newest last: an undo goes back there.
const trail = [];

/** The questions that are still open, in their order. */
export const openQuestions = () => (state.work?.questions ?? []).filter((one) => !answered.has(one.path));

let shows = 0;

/** Shows the record as the desk has it now. */
export function showWork(work) {
  shows += 1;
  state.work = work;
  showRecord();
  tell("work");
}

/** Asks the desk for the record as it stands, and shows it. */
export async function reload() {
  for (;;) {
    const before = shows;
    const work = await ask(ofRecord("work"));
    // Where an entry was kept meanwhile, this is older than what is shown.
    if (shows === before) {
      showWork(work);
      return;
    }
  }
}

/** Enter: keeps what was typed, or says that the value is right, or that the form leaves the gap so; then goes on. */
export function enter(control) {
  if (!isOpen() || control.element.readOnly) return;
  const link = linkAsked(control);
  if (control.input && isDirty(control)) keep(control, control.input.value);
  else if (link) say(`Y: ${answersTo(link).yes}. N: ${answersTo(link).no}.`);
  else if (questionsAt(control).length) accept(control);
  else next(control);
}

/** Keeps a text as the value of a control, and goes on. What is no value of its field is kept, as a gap, when asked for twice. */
export function keep(control, text) {
  if (!isOpen()) return;
  if (control.input.value !== text) {
    control.input.value = text;
    control.told = null;
  }
  const isStated = isRefused(control);
  if (isStated && !control.told.isSure) {
    warn(control);
    return;
  }
  if (text === control.shown && questionsAt(control).length) {
    accept(control);
    return;
  }
  control.shown = text;
  const place = control.spot;
  // The row that was missing answers the question whether one is.
  const list = isAdded(control.path) ? controlFor(control.path.split(".")[0]) : null;
  const asked = [...questionsAt(control), ...(list ? questionsAt(list) : [])];
  answer(control, asked.map((one) => one.path), [["set", control.path, isStated ? { as_stated: text } : text, place]]);
  next(list ?? control);
}

/** Says why something is no value of its field, and how it is kept all the same. */
export function warn(control) {
  control.told.isSure = true;
  say(`Not kept: ${control.told.problem} Enter keeps it as the form has it, as a gap.`);
  tell("told", control);
}

/** The form gives nothing in this field: keeps that, and goes on. */
export function blank(control) {
  if (control.shown) keep(control, "");
  else enter(control);
}

/** Says that what a control shows is right. */
export function accept(control) {
  const paths = questionsAt(control).map((one) => one.path);
  // The gap of a list's codes comes from the doubt whether its rows are all: accepting that settles both.
  const told = paths.filter((path) => !paths.some((other) => path === `${other}.code`));
  answer(control, paths, told.map((path) => ["accept", path]));
  next(control);
}

/** Y and N: says whether it belongs to the request that is asked about; what is asked next may follow from that. */
export async function answerLink(control, link, yes) {
  if (!isOpen()) return;
  const path = `notices.${answersTo(link).topic}.unsure`;
  const outcome = await answer(control, control.path === path ? [path] : [], [[yes ? "confirm" : "deny", path, nameOf(link)]]);
  if (!outcome.ok) return;
  say(`${yes ? "Yes" : "No"}: ${answersTo(link)[yes ? "yes" : "no"]}. Ctrl+Z takes it back.`);
  if (control.path === path && (focused() === control || !focused().element.isConnected)) first();
}

on("answer-link", ({ control, link, yes }) => answerLink(control ?? focused() ?? controlFor("request.kind"), link, yes));

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
    // Its Enter was pressed before the desk could say so: the next one keeps it.
    control.told = { text: typed, problem: error.message, refused: error.problem.code === "refused", isSure: true };
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

/** Whether something would be lost if the page were left now. */
export const isUnsaved = () => waiting().count > 0 || all().some((one) => one.input && isDirty(one) && isOpen());
