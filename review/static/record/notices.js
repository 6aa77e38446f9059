// The notices that a person has to look at: each is settled as a question is, at a row of its own.

import { el } from "./dom.js";
import { state } from "./state.js";

/** What is asked by notices, by their codes: `{code, messages, belongsTo, field, by}`, in the order of the record. */
export function noticesAsked() {
  const found = new Map();
  for (const one of state.work.record.notices.filter((notice) => notice.severity === "ask")) {
    const known = found.get(one.code) ?? { code: one.code, messages: [], belongsTo: null, field: null, by: one.settled_by };
    known.messages.push(one.message);
    known.belongsTo ??= one.belongs_to;
    known.field ??= one.field;
    known.by &&= one.settled_by;
    found.set(one.code, known);
  }
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
  return { control, row: el("div", { class: "line one-change" }, button, sign) };
}
