// The notices that a person has to look at: each is settled as a question is, at a row of its own.

import { el, keys } from "./dom.js";
import { rowsOfDifferences, titled } from "./standings.js";
import { isOpen, state, tell } from "./state.js";

// What is answered by yes or no: what each answer says, by the kind of link.
const REPEATS = { topic: "duplicate", yes: "it is the same request", no: "it is another request" };
const ANSWERS = {
  same_bytes: REPEATS, same_pages: REPEATS, same_request: REPEATS, marked_second: REPEATS,
  amends: { topic: "amendment", yes: "it changes that request", no: "it changes another one" },
  answers: { topic: "reply", yes: "it answers that letter", no: "it does not answer it" },
};

/** The words of the two answers about a link, `{topic, yes, no}`. */
export const answersTo = (link) => ANSWERS[link.kind];

/** What a link's other request is called. */
export const nameOf = (link) => link.record_id ?? link.authorization_number;

/** The link that is asked about at a control, where it is a question of yes or no. */
export const linkAsked = (control) => (control.notice ? state.work.questions.find((one) => one.path === control.path)?.link ?? null : null);

/** What is asked by notices, by their codes: `{code, messages, belongsTo, field, by, link}`, in the order of the record. */
export function noticesAsked() {
  const found = new Map();
  for (const one of state.work.record.notices.filter((notice) => notice.severity === "ask")) {
    const known = found.get(one.code) ?? { code: one.code, messages: [], belongsTo: null, field: null, by: one.settled_by, link: null };
    known.messages.push(one.message);
    known.belongsTo ??= one.belongs_to;
    known.field ??= one.field;
    known.by &&= one.settled_by;
    found.set(one.code, known);
  }
  for (const one of found.values()) one.link = state.work.questions.find((question) => question.path === `notices.${one.code}`)?.link ?? null;
  return [...found.values()];
}

/** A code in words: "member.not_eligible" is "Member: not eligible". */
export function codeInWords(code) {
  const words = code.replaceAll("_", " ").replace(".", ": ").replaceAll(".", ", ");
  return words[0].toUpperCase() + words.slice(1);
}

/** The row of a notice, and its control. */
export function noticeRow(notice) {
  const title = codeInWords(notice.code);
  const button = el("button", { class: "notice-ask", type: "button", "data-path": `notices.${notice.code}`, "aria-describedby": "ask-said" },
    el("strong", {}, title), el("span", { class: "said" }, notice.messages.join(" ")),
    notice.belongsTo && el("span", { class: "soft" }, `Belongs to: ${notice.belongsTo}`),
    notice.by && el("span", { class: "soft" }, `Looked at by ${notice.by}`));
  const sign = el("span", { class: "state" });
  const control = { path: `notices.${notice.code}`, title, element: button, state: sign, notice };
  return { control, row: el("div", { class: "line one-change" }, button, sign, notice.link && answers(notice.link, control)) };
}

/** The other request, what differs, and the two answers. */
function answers(link, control) {
  const words = answersTo(link);
  const answer = (yes) => el("button", { type: "button", class: "small", tabindex: "-1", onclick: () => tell("answer-link", { control, link, yes }) },
    keys(yes ? "Y" : "N"), ` ${yes ? "Yes" : "No"}, ${words[yes ? "yes" : "no"]}`);
  const name = nameOf(link);
  return el("div", { class: "answers" },
    el("p", {}, link.record_id ? el("a", { href: `/records/${encodeURIComponent(name)}`, target: "_blank", rel: "noopener" }, `Open ${name}`) : `Authorization ${name}`,
      el("span", { class: "soft" }, ` ${Math.round(link.confidence * 100)} % likely${link.because.length ? `; the same: ${link.because.map(titled).join("; ")}` : ""}`)),
    link.differences.length ? differing(link.differences) : null,
    isOpen() ? el("div", { class: "row" }, answer(true), answer(false)) : null);
}

function differing(differences) {
  const head = ["What differs", "There", "Here"].map((title) => el("th", { scope: "col" }, title));
  const rows = rowsOfDifferences(differences).map((one) => el("tr", { class: "differs" }, el("th", { scope: "row" }, one.title), el("td", {}, one.before || "–"), el("td", {}, one.after || "–")));
  return el("table", { class: "compared" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}
