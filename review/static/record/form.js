// The record: every field once, in sections. A control is a field with its input, or what stands for a whole list or a change.

import { byId, el, keys } from "./dom.js";
import { panel } from "./around.js";
import { noticeRow, noticesAsked } from "./notices.js";
import { here, isOpen, readingAt, state, tell, valueAt } from "./state.js";
import { changeTitle, shown } from "./values.js";

const LISTS = { diagnoses: ["Diagnoses", "diagnosis"], services: ["Services", "service"], amendments: ["Changes", "change"] };
const controls = new Map();
let structure = "";
let current = null;

/** The controls in the order in which they stand. */
export const all = () => [...controls.values()];
export const controlAt = (path) => controls.get(path);

/** The control that had the focus last. */
export const focused = () => current;

/** Whether something was typed into a control that is not kept. */
export const isDirty = (control) => control.input !== undefined && control.input.value !== control.shown;

/** The control at which a question about a path is settled: its field's, or that of the list or part that it is about. */
export function controlFor(path) {
  const [head] = path.split(".");
  return controls.get(path) ?? controls.get(`${head}.present`) ?? (head in LISTS ? controls.get(head) : undefined)
    ?? all().find((one) => one.path.startsWith(`${head}.`)) ?? controls.get("request.kind");
}

/** Moves the focus to a control, and it to where it can be seen. */
export function focus(control) {
  control.element.focus({ preventScroll: true });
  reveal(control);
}

function reveal(control) {
  const box = byId("record");
  const top = control.element.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const room = box.clientHeight;
  if (room && getComputedStyle(box).overflowY !== "visible") {
    if (top < 0.12 * room || top > 0.6 * room) box.scrollTop += top - 0.3 * room;
  } else {
    control.element.scrollIntoView({ block: "center" });
  }
}

/** Shows the record as the desk has it; what is being typed stays. */
export function showRecord() {
  const wanted = JSON.stringify([state.work.sections.map((section) => [section.name, section.row, section.fields.length]), state.work.record.amendments, noticesAsked()]);
  if (wanted !== structure) {
    structure = wanted;
    build();
  }
  for (const control of controls.values()) refresh(control);
}

/** Adds an empty row to a list, which the record has once its first value is kept; gives the row's first control. */
export function addRow(name) {
  const row = rowsOf(name).length;
  const section = byId(`rows-${name}`);
  const next = state.work.additions.find((one) => one.name === name);
  const fields = next.fields.map((field) => ({ ...field, path: field.path.replace(/\.\d+/, `.${row}`) }));
  section.append(rowElement(name, row, fields));
  all().forEach(refresh);
  return controls.get(fields[0].path);
}

/** The positions of the rows of a list that are shown. */
export function rowsOf(name) {
  return [...new Set(all().filter((one) => one.path.startsWith(`${name}.`)).map((one) => Number(one.path.split(".")[1])))];
}

/** Puts back the value that the desk has. */
export function restore(control) {
  if (!control.input) return;
  control.input.value = control.shown;
  control.spot = null;
  control.told = null;
  mark(control);
}

function build() {
  const typed = new Map(all().filter((one) => one.input && (isDirty(one) || one.pending)).map((one) => [one.path, one]));
  const last = document.activeElement === current?.element ? current.path : null;
  const begun = [...typed.keys(), ...(last ? [last] : [])].filter((path) => isAdded(path));
  controls.clear();
  // What more than the form tells is no part of a second reading.
  const plain = state.work.sections.filter((section) => section.row === null && !(here.second && section.name === "coverage"));
  const signature = plain.at(-1);
  const parts = [noticeSection(), panel, ...plain.slice(0, -1).map(plainSection)];
  for (const name of Object.keys(LISTS)) parts.push(listSection(name));
  parts.push(plainSection(signature));
  byId("record").replaceChildren(...parts.filter(Boolean));
  for (const path of begun) if (!controls.has(path)) addRow(path.split(".")[0]);
  for (const [path, before] of typed) {
    const now = controls.get(path);
    if (!now) continue;
    const { spot, told, pending } = before;
    Object.assign(now, { spot, told, pending, shown: pending ? before.shown : shown(valueAt(path)) });
    now.input.value = before.input.value;
  }
  const again = last && controlFor(last);
  if (again) again.element.focus({ preventScroll: true });
}

/** Whether a path is of a row that is begun here, and that the record does not have. */
export function isAdded(path) {
  const [name, row] = path.split(".");
  return name in LISTS && row !== undefined && Number(row) >= state.work.record[name].length;
}

function plainSection(section) {
  const title = `title-${section.name}`;
  const of = section.title.endsWith("provider") ? section.title.split(" ")[0] : "";
  const cells = section.fields.map((field) => cell(field, field.title, of));
  return el("section", { class: "part", "aria-labelledby": title, "data-part": section.name },
    el("h2", { id: title }, section.title), el("div", { class: "cells" }, cells));
}

function noticeSection() {
  const asked = noticesAsked().map(noticeRow);
  if (!asked.length) return null;
  asked.forEach(({ control }) => take(control));
  return el("section", { class: "part", "aria-labelledby": "title-notices", "data-part": "notices" },
    el("h2", { id: "title-notices" }, "To look at"), asked.map(({ row }) => row));
}

function listSection(name) {
  const [title, one] = LISTS[name];
  const rows = state.work.sections.filter((section) => section.name === name);
  const whole = el("button", { class: "whole", type: "button", "data-path": name, "aria-describedby": "ask-said" },
    el("span", { class: "unseen" }, `${title}: `), rows.length ? `${rows.length} ${rows.length === 1 ? "row" : "rows"}` : "none");
  const control = { path: name, title, list: name, element: whole };
  take(control);
  const add = el("button", { class: "quiet small", type: "button", "data-command": `add-${one}` }, `Add a ${one} `, keys(ADD_KEYS[name]));
  const head = el("div", { class: "list-head" }, el("h2", { id: `title-${name}` }, title), whole, add);
  const body = el("div", { id: `rows-${name}`, class: `rows ${name}` });
  rows.forEach((row) => body.append(name === "amendments" ? changeElement(row) : rowElement(name, row.row, row.fields)));
  return el("section", { class: "part", "aria-labelledby": `title-${name}`, "data-part": name }, head, body);
}

/** The keys that add a row, by list. */
export const ADD_KEYS = { diagnoses: "Alt+G", services: "Alt+S", amendments: "Alt+C" };

function rowElement(name, row, fields) {
  const said = `${LISTS[name][1]} ${row + 1}`;
  return el("div", { class: "line", role: "group", "aria-label": said },
    el("span", { class: "number", "aria-hidden": "true" }, `${row + 1}`),
    fields.map((field) => cell(field, `${field.title}`, said)));
}

function cell(field, title, group = "") {
  const id = `field-${field.path.replaceAll(".", "-")}`;
  const input = el("input", {
    id, type: "text", "data-path": field.path, autocomplete: "off", spellcheck: "false", autocapitalize: "none", maxlength: "500",
    "aria-describedby": "ask-said",
  });
  if (field.kind === "icd10") {
    for (const [key, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "code-list", "aria-autocomplete": "list" }))
      input.setAttribute(key, value);
  }
  const state = el("span", { class: "state" });
  const control = { ...field, title: group ? `${capital(group)}, ${title}` : title, input, element: input, state, shown: "", spot: null, told: null };
  take(control);
  return el("div", { class: "cell", "data-kind": field.kind },
    el("label", { for: id }, group && el("span", { class: "unseen" }, `${capital(group)} `), title), input, state);
}

function changeElement(section) {
  const [field] = section.fields;
  const change = valueAt(field.path);
  const side = (title, value, kind) => el("span", { class: `side ${kind}` }, el("span", { class: "side-title" }, title), el("span", { class: "side-value" }, value));
  const button = el("button", { class: "change", type: "button", "data-path": field.path, "aria-describedby": "ask-said" },
    el("span", { class: "change-title" }, changeTitle(change)),
    el("span", { class: "sides" },
      side("Before", change.action === "add" ? "–" : shown(change.old) || "not stated", "before"),
      el("span", { "aria-hidden": "true", class: "arrow" }, "→"),
      side("After", change.action === "remove" ? "removed" : shown(change.new), "after")));
  const status = el("span", { class: "state" });
  take({ ...field, title: `Change ${section.row + 1}`, element: button, state: status, change });
  return el("div", { class: "line one-change", role: "group", "aria-label": `Change ${section.row + 1}` }, button, status);
}

function take(control) {
  controls.set(control.path, control);
  control.element.addEventListener("focus", () => {
    current = control;
    if (control.input && !isDirty(control)) control.input.select();
    tell("focus", control);
  });
  control.input?.addEventListener("input", () => { control.told = null; mark(control); tell("typed", control); });
  control.input?.addEventListener("blur", () => tell("left", control));
}

function refresh(control) {
  if (control.input) {
    const text = control.pending ? control.shown : shown(valueAt(control.path));
    const isTouched = isDirty(control);
    control.shown = text;
    if (!isTouched && control.input.value !== text) {
      control.input.value = text;
      if (document.activeElement === control.input) control.input.select();
    }
    if (!isTouched) control.spot = null;
    control.input.readOnly = !isOpen();
    const read = readingAt(control.path)?.text.trim();
    control.input.placeholder = text ? "" : read ? `read: ${read}` : "";
  }
  mark(control);
}

/** Shows by sign, word and colour how a control stands. */
export function mark(control) {
  control.element.classList.toggle("asked", state.work.questions.some((one) => controlFor(one.path) === control));
  if (!control.state) return;
  const asked = state.work.questions.filter((one) => controlFor(one.path) === control).map((one) => one.kind);
  const reading = readingAt(control.path);
  const kind = control.pending ? "pending" : control.input && isDirty(control) ? "typed"
    : asked.includes("notice") ? "notice" : asked.includes("doubt") ? "doubt" : asked.includes("blocking") ? "blocking" : asked.includes("warning") ? "warning"
    : control.notice?.by || reading?.method === "coordinator" ? "settled" : "";
  const [character, words] = SIGNS[kind];
  control.element.closest(".cell, .one-change").dataset.state = kind;
  control.state.textContent = character;
  control.state.title = words;
  control.state.setAttribute("role", words ? "img" : "presentation");
  if (words) control.state.setAttribute("aria-label", words);
  else control.state.removeAttribute("aria-label");
  control.input?.setAttribute("aria-invalid", String(Boolean(control.told?.refused) || asked.includes("blocking")));
}

/** Signs of states, with their words. */
export const SIGNS = {
  "": ["", ""],
  notice: ["◆", "Notice to look at"],
  doubt: ["?", "Doubtful"],
  blocking: ["!", "Gap"],
  warning: ["△", "Warning"],
  typed: ["✎", "Typed, not kept yet"],
  pending: ["↑", "Being saved"],
  settled: ["✓", "Settled by a person"],
};

const capital = (text) => text[0].toUpperCase() + text.slice(1);
