// The strip above the record: what is asked about the field in focus, the crop of its place on the page, and what may be chosen.

import { byId, el, keys } from "./dom.js";
import { controlFor, focused, isDirty } from "./form.js";
import { answersTo, linkAsked } from "./notices.js";
import { on, readingAt, state } from "./state.js";
import { changeLine, shown } from "./values.js";
import { drawCrop, isWide, markSpot, showSpot } from "./viewer.js";

const canvas = byId("crop");
const WORDS = { notice: "Notice", doubt: "Doubtful", blocking: "Gap that blocks", warning: "Warning" };
const SIGN = { notice: "◆", doubt: "?", blocking: "!", warning: "△" };
let drawing = 0;

/** What may be chosen for a control by Alt and a digit. */
export function choicesOf(control) {
  const found = control.choices?.length ? control.choices : (readingAt(control.path)?.candidates ?? []).map(shown);
  return [...new Set(found)].filter((text) => text && text !== control.shown).slice(0, 9);
}

/** The questions that are settled at a control, the first first. */
export const questionsAt = (control) => state.work.questions.filter((one) => controlFor(one.path) === control);

/** The place of a control's value: where a person pointed, or where it was read. */
function placeOf(control) {
  if (control.spot) return control.spot;
  const reading = readingAt(control.notice?.field ?? control.path);
  return reading?.page && reading.box ? { page: reading.page, box: reading.box } : null;
}

// The page is moved to the place of what comes into focus; where a person points or has moved it, it stays.
let shownPlace = "";

function show(control, isMoved = true) {
  const [question] = questionsAt(control);
  const reading = readingAt(control.path);
  byId("ask-title").textContent = control.title;
  const kind = byId("ask-kind");
  kind.className = `tag ${question ? { notice: "warn", doubt: "warn", blocking: "bad", warning: "" }[question.kind] : ""}`;
  kind.textContent = question ? `${SIGN[question.kind]} ${WORDS[question.kind]}` : "";
  kind.hidden = !question;
  byId("ask-message").textContent = question?.message ?? "";
  byId("ask-rule").textContent = question?.source && question.rule !== "fields.required" ? `${question.rule}: ${question.source}` : "";
  const read = reading && reading.text.trim() && shown(reading.text) !== control.shown ? `Read: ${reading.text}` : "";
  byId("ask-read").textContent = read;
  showTold(control);
  showChoices(control);
  showPlace(control, isMoved);
  showHow(control, question);
}

function showTold(control) {
  const told = control.told ?? (control.input && !isDirty(control) ? state.work.hints[control.path] : null);
  const problem = byId("ask-problem");
  problem.textContent = told?.problem ? `${told.refused ? "✕ Cannot be kept: " : "△ "}${told.problem}` : "";
  problem.classList.toggle("refused", Boolean(told?.refused));
  const hint = told?.hint ?? "";
  byId("ask-hint").textContent = hint ? `= ${hint}` : "";
}

function showChoices(control) {
  const found = choicesOf(control);
  byId("choices").replaceChildren(...found.map((text, index) => el("li", {},
    el("button", { type: "button", class: "choice", "data-choice": text, tabindex: "-1" }, keys(`Alt+${index + 1}`), ` ${text}`))));
}

async function showPlace(control, isMoved) {
  const place = placeOf(control);
  const mine = ++drawing;
  const key = JSON.stringify([control.path, place]);
  if (isMoved) showSpot(place);
  else if (key !== shownPlace && place) markSpot(place);
  shownPlace = key;
  canvas.hidden = true;
  const none = byId("no-crop");
  none.hidden = false;
  none.textContent = control.list || control.notice ? "" : !place ? "No place on the page is known for this." : isWide(place) ? "Somewhere in the marked part of the page." : "";
  if (!place || isWide(place) || !(await drawCrop(canvas, place)) || mine !== drawing) return;
  canvas.hidden = false;
  none.hidden = true;
  canvas.setAttribute("aria-label", `The place on page ${place.page}`);
}

async function drawAgain(control) {
  const place = placeOf(control);
  if (place && !canvas.hidden) await drawCrop(canvas, place);
}

function showHow(control, question) {
  const how = byId("ask-how");
  how.replaceChildren();
  if (state.work.final || !state.work.mine) return;
  const say = (key, words) => how.append(el("span", {}, key && keys(key), words));
  const link = linkAsked(control);
  if (link) {
    say("Y", ` ${answersTo(link).yes}`);
    say("N", ` ${answersTo(link).no}`);
  } else if (control.notice) {
    if (question) say("Enter", " looked at; the request goes on as it is");
  } else if (control.list) {
    say("Enter", " no row is missing");
    say("", "typing adds one");
  } else if (control.change) {
    if (question) say("Enter", ` ${changeLine(control.change)}`);
    say("F2", " edit");
  } else if (isDirty(control)) {
    say("Enter", control.told?.refused && control.told.isSure ? " the form has it so: keep it as a gap" : " keep");
    say("Esc", " take back");
  } else {
    if (question) {
      say("Enter", control.shown ? " it is right" : " the form leaves it so");
      say("", "typing replaces it");
    }
    if (control.shown) say("Ctrl+Delete", " the form gives nothing");
  }
}

new ResizeObserver(() => { const control = focused(); if (control?.element.isConnected) drawAgain(control); }).observe(canvas.parentElement);
on("focus", (control) => show(control));
on("work", () => { const control = focused(); if (control?.element.isConnected) show(control, false); });
on("typed", (control) => { if (control === focused()) { showTold(control); showHow(control, questionsAt(control)[0]); } });
on("told", (control) => { if (control === focused()) { showTold(control); showHow(control, questionsAt(control)[0]); } });
on("spot", (control) => { if (control === focused()) show(control, false); });
