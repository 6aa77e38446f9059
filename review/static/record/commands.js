// All commands with their keys: one table, by which keys are understood, buttons work and the help is written.

import { say } from "./say.js";
import { editChange, newChange } from "./change.js";
import * as codes from "./codes.js";
import { confirm, isDialogOpen, showHelp } from "./dialogs.js";
import { arrange } from "./arrange.js";
import { showAround } from "./around.js";
import { byId } from "./dom.js";
import { addRow, controlAt, focus, focused, isDirty, restore } from "./form.js";
import { showHistory } from "./histories.js";
import { breakClaim, take } from "./live.js";
import { showPast, writeNote } from "./past.js";
import { complete, dismiss, go, openNext, release, reopen } from "./ending.js";
import { linkAsked } from "./notices.js";
import { answerLink, blank, byHand, enter, first, isUnsaved, keep, neighbour, removeRow, step, undo } from "./settle.js";
import { here, isOpen, ofDocument, state, tell } from "./state.js";
import { choicesOf } from "./strip.js";
import { teach } from "./teach.js";
import { enlarge, larger, pan, smaller, turn } from "./viewer.js";

const open = () => isOpen();
const isRead = () => !["unreadable", "no_request"].includes(state.work?.record.status);
const always = () => true;
const known = () => state.work !== null;

// In a second reading nothing is done to the record, and nothing of it is shown but what was read.
const NOT_SECOND = new Set(["around", "history-member", "history-provider", "history-authorization", "dismiss", "arrange", "note", "teach", "past", "sibling", "take", "break", "reopen", "skip"]);

/** Each command: its id, key (several: the first is shown), what it does, when it can be had, and the doing. */
export const COMMANDS = [
  { group: "Settle", id: "complete", keys: ["Ctrl+Enter"], title: "Complete, and open the next fax", when: open, run: complete },
  { group: "Settle", id: "undo", keys: ["Ctrl+Z"], title: "Take back what was kept last", when: open, run: undo },
  { group: "Settle", id: "next-question", keys: ["Ctrl+ArrowDown"], title: "Next question, this one stays open", when: always, run: () => step(1) },
  { group: "Settle", id: "last-question", keys: ["Ctrl+ArrowUp"], title: "Question before", when: always, run: () => step(-1) },
  { group: "Record", id: "kind", keys: ["Alt+K"], title: "Kind of the request", when: always, run: () => focus(controlAt("request.kind")) },
  { group: "Record", id: "urgency", keys: ["Alt+U"], title: "Urgency", when: always, run: () => focus(controlAt("request.urgency")) },
  { group: "Record", id: "coverage", keys: ["Alt+V"], title: "Plan, or line of business", when: () => !here.second, run: () => focus(controlAt("coverage.plan") ?? controlAt("coverage.line_of_business")) },
  { group: "Record", id: "add-diagnosis", keys: ["Alt+G"], title: "Add a diagnosis", when: open, run: () => focus(addRow("diagnoses")) },
  { group: "Record", id: "add-service", keys: ["Alt+S"], title: "Add a service", when: open, run: () => focus(addRow("services")) },
  { group: "Record", id: "add-change", keys: ["Alt+C"], title: "Add a change (before and after)", when: open, run: newChange },
  { group: "Record", id: "around", keys: ["Alt+R"], title: "Clocks, links and letters", when: () => isRead() && state.work !== null, run: showAround },
  { group: "Record", id: "history-member", keys: ["Alt+A"], title: "History of this member, in a new tab", when: known, run: () => showHistory("member") },
  { group: "Record", id: "history-provider", keys: ["Alt+W"], title: "History of this provider", when: known, run: () => showHistory("provider") },
  { group: "Record", id: "history-authorization", keys: ["Alt+Z"], title: "History of this authorization", when: known, run: () => showHistory("authorization") },
  { group: "Record", id: "remove-row", keys: ["Alt+Backspace", "Alt+Delete"], title: "Remove the row", when: open, run: () => focused() && removeRow(focused()) },
  { group: "Fax", id: "skip", keys: ["Alt+J"], title: "Leave it, and open the next fax", when: always, run: skip },
  { group: "Fax", id: "release", keys: ["Alt+L"], title: "Let go of it, and back to the queue", when: always, run: leave },
  { group: "Fax", id: "queue", keys: ["Alt+Q"], title: "To the queue; it stays yours", when: always, run: () => go("/queue") },
  { group: "Fax", id: "dismiss", keys: ["Alt+X"], title: "There is no request in these pages", when: open, run: dismissed },
  { group: "Fax", id: "by-hand", keys: ["Alt+M"], title: "Key it by hand", when: () => open() && !isRead(), run: byHand },
  { group: "Fax", id: "arrange", keys: ["Alt+P"], title: "Pages: move, split, merge", when: () => open() && state.work.pages.length > 0, run: arrange },
  { group: "Fax", id: "note", keys: ["Alt+N"], title: "Write a note", when: () => here.mayWork, run: writeNote },
  { group: "Fax", id: "teach", keys: ["Alt+E"], title: "Teach the reader the label of this field", when: () => here.mayWork && state.work !== null, run: teach },
  { group: "Fax", id: "past", keys: ["Alt+H"], title: "History and notes, or back to the record", when: always, run: () => showPast() },
  { group: "Fax", id: "source", keys: ["Alt+I"], title: "Download the fax as it came", when: always, run: () => { location.href = ofDocument("source"); } },
  { group: "Fax", id: "sibling", keys: ["Alt+Y"], title: "The next request of the same document", when: () => state.work?.siblings.length > 0, run: sibling },
  { group: "Fax", id: "take", keys: ["Alt+T"], title: "Take it, when nobody works on it", when: () => here.mayWork && !state.work?.mine && !state.work?.final, run: () => take().then(() => state.work.mine && say("This fax is yours now.")) },
  { group: "Fax", id: "break", keys: ["Alt+B"], title: "Take it from whoever works on it", when: () => here.maySupervise && state.work?.held && !state.work.mine, run: breakClaim },
  { group: "Fax", id: "reopen", keys: ["Alt+O"], title: "Take it up again after its end", when: () => here.mayWork && state.work?.final, run: reopen },
  { group: "Page", id: "page-before", keys: ["PageUp"], title: "Page before", when: always, run: () => turn(-1) },
  { group: "Page", id: "page-after", keys: ["PageDown"], title: "Page after", when: always, run: () => turn(1) },
  { group: "Page", id: "larger", keys: ["Alt+="], title: "Larger", when: always, run: larger },
  { group: "Page", id: "smaller", keys: ["Alt+-"], title: "Smaller", when: always, run: smaller },
  { group: "Page", id: "fit", keys: ["Alt+0"], title: "The whole width", when: always, run: () => enlarge(0) },
  { group: "Page", id: "pan-left", keys: ["Alt+ArrowLeft"], title: "Move to the left", when: always, run: () => pan(-1, 0) },
  { group: "Page", id: "pan-right", keys: ["Alt+ArrowRight"], title: "Move to the right", when: always, run: () => pan(1, 0) },
  { group: "Page", id: "pan-up", keys: ["Alt+ArrowUp"], title: "Move up", when: always, run: () => pan(0, -1) },
  { group: "Page", id: "pan-down", keys: ["Alt+ArrowDown"], title: "Move down", when: always, run: () => pan(0, 1) },
  { group: "Page", id: "switch", keys: ["F6"], title: "Between the page and the record; on the page, arrows, + and - work alone", when: always, run: swap },
  { group: "Help", id: "help", keys: ["?", "F1"], title: "These keys", when: always, run: () => showHelp(COMMANDS) },
].filter((one) => !here.second || !NOT_SECOND.has(one.id));

function swap() {
  const viewer = byId("viewer");
  if (document.activeElement !== viewer) viewer.focus();
  else if (focused()?.element.isConnected) focus(focused());
  else first();
}

async function skip() {
  if (isUnsaved() && !(await confirm("Leave this fax?", "Something is typed and not kept; it would be lost.", "Leave it"))) return;
  await release();
  await openNext({ after: here.record });
}

async function leave() {
  if (isUnsaved() && !(await confirm("Leave this fax?", "Something is typed and not kept; it would be lost.", "Leave it"))) return;
  await release();
  go("/queue");
}

async function dismissed() {
  if (await confirm("No request in these pages?", "The fax ends as one that asks for nothing. It can be taken up again.", "No request")) await dismiss();
}

function sibling() {
  const all = [...state.work.siblings];
  const behind = all.find((one) => Math.min(...one.pages) > Math.min(...state.work.record.source.pages)) ?? all[0];
  go(`/records/${encodeURIComponent(behind.record_id)}`);
}

/** Does a command, where it can be had. */
export function run(id) {
  const command = COMMANDS.find((one) => one.id === id);
  if (!command) return;
  if (command.when()) command.run();
  else say(`${command.title}: not now.`);
}

/** A pressed key as the table writes it. */
function pressed(event) {
  const letter = event.code.startsWith("Digit") ? event.code.slice(5) : /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code.slice(3) : event.key;
  const name = letter.length === 1 ? letter.toUpperCase() : letter;
  const isShifted = event.shiftKey && name.length > 1;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${isShifted ? "Shift+" : ""}${name}`;
}

function onKey(event) {
  if (isDialogOpen() || event.isComposing || state.work === null) return;
  const control = focused()?.element === document.activeElement ? focused() : null;
  const key = pressed(event);
  if (control && ownKey(control, key, event)) {
    event.preventDefault();
    return;
  }
  // While something is typed, its own characters and its own undo come first.
  const isTyping = control?.input && isDirty(control);
  if (isTyping && (key === "?" || key === "Ctrl+Z")) return;
  const command = COMMANDS.find((one) => one.keys.includes(key));
  if (!command || (event.repeat && command.group !== "Page")) return;
  event.preventDefault();
  run(command.id);
}

/** Keys that mean something in a field, a list or a change; gives whether this was one. */
function ownKey(control, key, event) {
  if (codes.isOpenFor(control)) {
    if (key === "ArrowDown" || key === "ArrowUp") return done(() => codes.move(key === "ArrowDown" ? 1 : -1));
    if (key === "Escape") return done(codes.close);
    if (key === "Enter" && codes.chosenCode()) return done(() => keepCode(control, codes.chosenCode()));
  }
  if (linkAsked(control) && (key === "Y" || key === "N")) return done(() => !event.repeat && answerLink(control, linkAsked(control), key === "Y"));
  if (/^Alt\+[1-9]$/.test(key)) return done(() => choose(control, Number(key.slice(4)) - 1));
  switch (key) {
    case "Enter": return done(() => !event.repeat && (control.change && !state.work.questions.length ? editChange(control) : enter(control)));
    case "Ctrl+Delete":
    case "Ctrl+Backspace": return control.input !== undefined && !isDirty(control) && isOpen() && done(() => blank(control));
    case "Shift+Enter": return done(() => step(-1));
    case "Escape": return done(() => { restore(control); control.input?.select(); tell("typed", control); });
    case "ArrowDown": return done(() => neighbour(control, 1));
    case "ArrowUp": return done(() => neighbour(control, -1));
    case "F2": return done(() => (control.change ? editChange(control) : control.input?.setSelectionRange(control.input.value.length, control.input.value.length)));
    default: return typedInto(control, event);
  }
}

/** A character typed at a list begins a new row of it; at a change, its editor is opened. */
function typedInto(control, event) {
  if (control.input || event.key.length !== 1 || event.key === "?" || event.ctrlKey || event.altKey || event.metaKey || event.key === " ") return false;
  if (!isOpen() || control.notice) return false;
  if (control.change) return done(() => editChange(control));
  if (control.list === "amendments") return done(newChange);
  const first = addRow(control.list);
  focus(first);
  first.input.value = event.key;
  first.input.dispatchEvent(new Event("input"));
  return true;
}

function keepCode(control, code) {
  codes.close();
  keep(control, code);
}

function choose(control, index) {
  const text = choicesOf(control)[index];
  if (text !== undefined && control.input) keep(control, text);
}

const done = (act) => (act(), true);

/** Listens for keys and for the buttons that name a command. */
export function startCommands() {
  addEventListener("keydown", onKey);
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (button) run(button.dataset.command);
    const choice = event.target.closest("[data-choice]");
    if (choice && focused()?.input) keep(focused(), choice.dataset.choice);
  });
  byId("record").addEventListener("click", (event) => {
    const list = event.target.closest(".whole, .change");
    if (list && event.detail === 2 && list.matches(".change")) editChange(controlAt(list.dataset.path));
  });
  byId("code-list").addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-code]");
    if (option) keepCode(focused(), option.dataset.code);
  });
  byId("choices").addEventListener("mousedown", (event) => event.preventDefault());
}
