// What is known of the request beside its form: its clocks, whose urgency counts, what it belongs to, and its letters.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { byId, el } from "./dom.js";
import { historyButtons } from "./histories.js";
import { answersTo, codeInWords } from "./notices.js";
import { here, isOpen, ofRecord, on, state, tell } from "./state.js";
import { rowsOfDifferences, rowsOfStandings, titled } from "./standings.js";
import { time } from "./values.js";

const STARTS = { receipt: "the receipt", information: "when all information was here", asked: "when it was made urgent" };
const KINDS = {
  same_bytes: "The same file as", same_pages: "The same pages as", same_request: "The same request as",
  marked_second: "Calls itself a second request of", amends: "Changes", answers: "Answers",
};
const FROM = { same_bytes: "The same file", same_pages: "The same pages", same_request: "The same request", marked_second: "A second request", amends: "A change", answers: "An answer" };

/** The panel; it lives as long as the page, open or closed as a person left it. */
export const panel = el("details", { id: "around", class: "around" }, el("summary", {}), el("div", { class: "around-body" }));
let others = [];
let letters = [];

// The name of a rule is one long word: a line may end behind a dot or an underscore of it.
const breakable = (name) => name.split(/(?<=[._])/).flatMap((part) => [part, el("wbr", {})]);
const isEarliest = (clock) => clock.rule === state.work.record.deadline?.rule;

function show() {
  const { record } = state.work;
  panel.firstChild.replaceChildren(el("strong", {}, "Clocks, links, letters"), " ", el("span", { class: "soft" }, summary(record)));
  panel.lastChild.replaceChildren(...[notes(record), priority(record), clocks(record), ...record.related.links.map(link), ...others.map(linkedFrom),
    sides(record.related), ...letters.map(letter), proposal(record), historyButtons()].filter(Boolean));
}

function summary({ clocks: all, priority: urgency, related }) {
  const first = all.find(isEarliest);
  const links = related.links.length + others.length;
  return [
    first && (first.met === null ? `due ${time(first.due_at)}${first.paused ? ", paused" : ""}` : `decided ${first.met ? "in time" : "late"}`),
    urgency.effective !== urgency.requested && urgency.effective && `runs as ${urgency.effective}`,
    links && `${links} ${links === 1 ? "link" : "links"}`,
    letters.length && `letter ${letters.at(-1).state}`,
  ].filter(Boolean).join(" · ");
}

function notes({ notices }) {
  const told = notices.filter((one) => one.severity === "note");
  return told.length ? el("ul", { class: "told" }, told.map((one) => el("li", {}, el("strong", {}, `${codeInWords(one.code)}. `), one.message))) : null;
}

function priority({ priority: one }) {
  if (!one.requested && !one.effective) return null;
  const why = one.effective === one.requested ? "" : [one.decided_by && `Decided by ${one.decided_by}:`, one.reason, one.rule && `(${one.rule})`].filter(Boolean).join(" ");
  return el("p", {}, `Asked for: ${one.requested ?? "nothing"}. Its clocks run as: ${one.effective ?? "not stated"}. `, el("span", { class: "soft", title: one.source }, why));
}

function clocks({ clocks: all }) {
  if (!all.length) return null;
  const head = ["Clock", "Due", "Counts from"].map((title) => el("th", { scope: "col" }, title));
  return el("table", {}, el("caption", { class: "unseen" }, "Clocks"), el("thead", {}, el("tr", {}, head)), el("tbody", {}, all.map((clock) => {
    const how = [clock.extended && "extended", clock.paused && "paused", clock.met === true && "met", clock.met === false && "not met", clock.ceiling_at && `at most to ${time(clock.ceiling_at)}`];
    return el("tr", { class: isEarliest(clock) ? "earliest" : null },
      el("th", { scope: "row" }, isEarliest(clock) ? "Earliest: " : "", el("span", { class: "code" }, ...breakable(clock.rule)), el("span", { class: "source soft" }, clock.source)),
      el("td", {}, time(clock.due_at), el("span", { class: "soft" }, how.filter(Boolean).map((one) => `, ${one}`).join(""))),
      el("td", {}, `${STARTS[clock.starts]}, ${time(clock.started_at)}`));
  })));
}

const other = (id) => el("a", { href: `/records/${encodeURIComponent(id)}` }, id);
const surely = (one) => (one.sure ? "sure" : `⚠ not sure: ${Math.round(one.confidence * 100)} %`);

function link(one) {
  const about = one.record_id ? other(one.record_id) : `authorization ${one.authorization_number ?? "not known"}`;
  return el("div", { class: "link" },
    el("p", {}, el("strong", {}, `${KINDS[one.kind]} `), about, ` (${surely(one)}). `,
      el("span", { class: "soft" }, [one.because.length && `Because of: ${one.because.map(titled).join("; ")}.`, one.confirmed_by && `Confirmed by ${one.confirmed_by}.`, one.taken_up_by && `Taken up by ${one.taken_up_by}.`].filter(Boolean).join(" ")), denial(one)),
    one.differences.length ? compared("What differs", ["There", "Here"], rowsOfDifferences(one.differences)) : null);
}

/** A sure link that is wrong is denied here; what is not sure is asked about above. What an answer brought is corrected where it went. */
function denial(one) {
  if (!one.sure || one.kind === "answers" || !isOpen()) return null;
  return [" ", el("button", { type: "button", class: "small", onclick: () => tell("answer-link", { control: null, link: one, yes: false }) }, `No, ${answersTo(one).no}`)];
}

function linkedFrom(one) {
  return el("p", { class: "link" }, el("strong", {}, `${FROM[one.kind]} came: `), other(one.record_id), ` (${surely(one)}${one.set_aside ? "; set aside" : ""}).`);
}

function sides({ before, after }) {
  return before && after ? compared("The request before and after the change", ["Before", "After"], rowsOfStandings(before, after)) : null;
}

function compared(title, [before, after], rows) {
  const head = ["Field", before, after].map((name) => el("th", { scope: "col" }, name));
  return el("table", { class: "compared" }, el("caption", {}, title), el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows.map((row) =>
    el("tr", { class: row.before === row.after ? null : "differs" },
      el("th", { scope: "row" }, row.title), el("td", {}, row.before || "–"), el("td", {}, row.before === row.after ? "the same" : row.after || "–")))));
}

function letter(one) {
  const release = one.state === "held" && here.mayWork
    ? el("button", { type: "button", class: "small", onclick: () => act(`/api/letters/${encodeURIComponent(one.letter_id)}/release`, {}, "The letter is released.") }, "Release") : null;
  return el("p", { class: "link" }, el("strong", {}, `Letter, ${one.state}: `), el("a", { href: `/letters/${encodeURIComponent(one.letter_id)}` }, one.letter_id),
    `, asks for ${one.asked.map((gap) => titled(gap.field)).join("; ")}${one.fax_number ? `, to ${one.fax_number}` : "; no fax number is known"} `, release);
}

function proposal(record) {
  const asks = record.gaps.some((gap) => gap.severity === "blocking");
  if (!asks || !here.mayWork || letters.some((one) => ["draft", "held"].includes(one.state)) || !(isOpen() || state.work.final)) return null;
  return el("p", {}, el("button", { type: "button", class: "small", onclick: () => act(ofRecord("letter"), undefined, "The letter is proposed.") }, "Propose a letter"),
    el("span", { class: "soft" }, " It asks the office for what is missing, as the record was kept last."));
}

async function act(address, body, done) {
  try {
    await ask(address, { method: "POST", body });
    say(done);
  } catch (error) {
    say(error.message);
    if (error.status === 401) tell("expired", error);
  }
  await look();
}

/** Asks for what belongs to the record, and shows it. */
async function look() {
  const headers = { "X-Background": "1" };
  const [linked, written] = await Promise.all([ask(ofRecord("links"), { headers }), ask(ofRecord("letters"), { headers })]).catch(() => [{ linked_from: others }, letters]);
  others = linked.linked_from;
  letters = written;
  show();
}

/** Opens the panel and goes to it; a second time, closes it. */
export function showAround() {
  panel.open = !(panel.open && panel.contains(document.activeElement));
  panel.firstChild.focus({ preventScroll: true });
  if (panel.open) byId("record").scrollTop += panel.getBoundingClientRect().top - byId("record").getBoundingClientRect().top - 8;
}

/** Takes part in the page's life. A second reading shows nothing but what was read. */
export function startAround() {
  panel.hidden = here.second;
  if (here.second) return;
  let seen = null;
  on("work", () => {
    show();
    // Anew only where something was kept elsewhere: a revision.
    if (seen === state.work.revision) return;
    const isFirst = seen === null;
    seen = state.work.revision;
    if (isFirst) panel.open = state.work.record.related.links.length > 0;
    look();
  });
}
