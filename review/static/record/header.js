// The line above the record: what it is, how it stands, what is still to be settled; and the banners that say what is the matter.

import { byId, el } from "./dom.js";
import { controlFor, focus, focused } from "./form.js";
import { waiting } from "./outbox.js";
import { here, isOpen, on, state } from "./state.js";
import { openQuestions } from "./settle.js";
import { distance, ranges, time } from "./values.js";

const SIGNS = { notice: ["◆", "notice to look at"], doubt: ["?", "doubtful"], blocking: ["!", "gap that blocks"], warning: ["△", "warning"] };
const STATUS = { ready: "Ready", needs_review: "Needs review", no_request: "No request", unreadable: "Unreadable" };
const LISTED = { diagnoses: "Diagnoses", services: "Services", amendments: "Changes", document: "Document" };
let count = 0;

const tag = (text, kind = "") => el("span", { class: `tag ${kind}` }, text);

function showFacts() {
  const { record, siblings, pages, final, completed_by: by } = state.work;
  const facts = [];
  const { kind, urgency } = record.request;
  facts.push(tag(`${STATUS[record.status]}${final ? ", ended" : ""}${by ? ` by ${by}` : ""}`, final ? "good" : record.status === "ready" ? "good" : "warn"));
  if (kind) facts.push(tag(capital(kind)));
  if (urgency && urgency !== "routine") facts.push(tag(`${urgency === "urgent" ? "⚑ " : ""}${capital(urgency)}`, urgency === "urgent" ? "bad" : ""));
  const due = record.deadline?.decision_due_at;
  if (due) facts.push(el("span", { class: new Date(due) < Date.now() ? "due late" : "due", title: `Decision due ${time(due)}` }, new Date(due) < Date.now() ? "⚠ late since " : "due ", distance(due)));
  const ours = record.source.pages;
  if (pages.length) facts.push(el("span", { class: "soft" }, `${ours.length === 1 ? "page" : "pages"} ${ranges(ours)} of ${pages.length}`));
  if (siblings.length) {
    const all = [...siblings.map((one) => Math.min(...one.pages)), Math.min(...ours)].sort((a, b) => a - b);
    facts.push(el("span", { class: "soft" }, `request ${all.indexOf(Math.min(...ours)) + 1} of ${all.length} in this fax`));
  }
  for (const [name, words] of [["duplicate_of", "the same as another"], ["amends", "changes another"]]) {
    const other = record.related[name];
    if (other) facts.push(el("a", { href: `/records/${encodeURIComponent(other)}` }, words));
  }
  byId("facts").replaceChildren(...facts);
}

function showQuestions() {
  const asked = openQuestions();
  // What is asked at the same field is one question.
  const questions = asked.filter((one, at) => asked.findIndex((other) => controlFor(other.path) === controlFor(one.path)) === at);
  const must = questions.filter((one) => one.kind !== "warning");
  const ending = isOpen() ? "" : state.work.final ? "ended" : "";
  byId("left-count").textContent = must.length ? `${must.length} to settle` : questions.length
    ? `${questions.length} ${questions.length === 1 ? "warning" : "warnings"} left` : ending || "all settled";
  byId("questions").replaceChildren(...questions.map((one) => {
    const control = controlFor(one.path);
    const title = control.path === one.path ? control.title : LISTED[one.path] ?? control.title;
    const isNow = control === focused();
    const [character, words] = SIGNS[one.kind];
    return el("li", {}, el("button", { type: "button", class: "question", "data-kind": one.kind, "aria-current": isNow ? "true" : null, tabindex: isNow ? "0" : "-1", onclick: () => focus(control) },
      el("span", { class: "sign", "aria-hidden": "true" }, character), title, el("span", { class: "unseen" }, `, ${words}`)));
  }));
  const list = byId("questions");
  const now = list.querySelector("[aria-current]");
  // One of them can be reached by Tab, from which the list can be scrolled.
  if (!now) list.querySelector("button")?.setAttribute("tabindex", "0");
  if (now) list.scrollTop = now.offsetTop - list.offsetTop - now.offsetHeight;
  const complete = byId("complete");
  complete.classList.toggle("ready", isOpen() && !must.length);
  complete.disabled = !isOpen();
  if (must.length !== count) {
    count = must.length;
    byId("left-said").textContent = must.length ? `${must.length} left to settle` : "Nothing left to settle";
  }
}

/** Says how it stands with what was entered and with whose fax this is. */
function showBanners() {
  const { count: entries, unreached, retryAt, stopped } = waiting();
  const saving = byId("saving");
  saving.hidden = !entries || !(unreached || stopped);
  if (!saving.hidden) {
    const wait = retryAt ? ` Trying again in ${Math.max(1, Math.round((retryAt - Date.now()) / 1000))} s.` : "";
    const words = `⚠ Not saved yet: ${entries} ${entries === 1 ? "entry" : "entries"}. ${stopped ? "Your session is over." : `The desk cannot be reached.${wait}`} Go on if you like; keep this page open.`;
    byId("saving-words").textContent = words;
  }
  byId("saved").textContent = entries ? "Saving …" : state.work?.edits ? "Saved" : "";
  const { work } = state;
  const closed = byId("closed");
  const words = !work || !here.mayWork ? (work ? "You may look at this fax, and change nothing." : "")
    : work.final ? `This fax is at its end${work.completed_by ? `: ${work.completed_by} ended it` : ""}. Alt+O takes it up again.`
    : work.mine ? "" : work.held ? `${work.held.by} works on this fax. You can look; when it is free, it is told here.`
    : "Nobody works on this fax. Alt+T takes it.";
  closed.hidden = !words;
  byId("closed-words").textContent = words;
  byId("take").hidden = !here.mayWork || !work || work.mine || work.final || Boolean(work.held);
  byId("break").hidden = !here.maySupervise || !work?.held || work.mine || work.final;
  byId("reopen").hidden = !here.mayWork || !work?.final;
  showUnread();
}

/** Nothing was read: what can be done instead. */
function showUnread() {
  const { work } = state;
  const isUnread = work && ["unreadable", "no_request"].includes(work.record.status);
  byId("unread").hidden = !isUnread;
  byId("record").classList.toggle("empty", Boolean(isUnread));
  byId("ask").hidden = Boolean(isUnread);
  byId("to-settle").hidden = Boolean(isUnread);
  if (!isUnread) return;
  const message = work.record.gaps.map((gap) => gap.message).join(" ");
  byId("unread-title").textContent = work.record.status === "unreadable" ? "This fax could not be read" : "No request was found in these pages";
  byId("unread-words").textContent = message;
  byId("unread-commands").hidden = !isOpen();
}

function showNoPages() {
  const none = state.work.pages.length === 0;
  byId("no-pages").hidden = !none;
  byId("viewer").hidden = none;
  byId("page-tools").hidden = none;
  if (none) byId("download").href = `/api/documents/${encodeURIComponent(state.work.document_id)}/source`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Takes part in the page's life. */
export function startHeader() {
  on("work", () => { showFacts(); showQuestions(); showBanners(); showNoPages(); });
  on("answered", showQuestions);
  on("focus", showQuestions);
  on("outbox", showBanners);
  setInterval(showBanners, 1000);
}
