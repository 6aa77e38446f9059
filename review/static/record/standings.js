// Two standings of a request side by side: which of their values are the same, and which are not.

import { shown } from "./values.js";

const TITLES = {
  authorization_number: "Authorization number", valid_from: "Valid from", valid_to: "Valid to", cancelled: "Cancelled", request: "Request", member: "Member",
  requesting_provider: "Requesting provider", servicing_provider: "Servicing provider", diagnoses: "Diagnosis", services: "Service",
  sha256: "The whole file", pages: "The pages",
};

const inWords = (name) => name.replaceAll("_", " ").replace(/\b(id|npi|tin)\b/g, (word) => word.toUpperCase());

/** A path in words: "services.0.code" is "Service 1, code". */
export function titled(path) {
  const [head, ...rest] = path.split(".");
  const number = /^\d+$/.test(rest[0]) ? ` ${Number(rest.shift()) + 1}` : "";
  return `${TITLES[head] ?? inWords(head)}${number}${rest.map((step) => `, ${inWords(step)}`).join("")}`;
}

/** The differences of a link as rows: `{title, before, after}`. */
export const rowsOfDifferences = (differences) => differences.map((one) => ({ title: titled(one.path), before: shown(one.before), after: shown(one.after) }));

const isRow = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** All values below a part, by their paths; a row of services or diagnoses is one line of text. */
function* valuesOf(part, path) {
  for (const [name, value] of Object.entries(part)) {
    const at = path ? `${path}.${name}` : name;
    if (Array.isArray(value) && value.some(isRow)) yield* value.map((row, index) => [`${at}.${index}`, lineOf(row)]);
    else if (isRow(value)) yield* valuesOf(value, at);
    else yield [at, shown(value)];
  }
}

const lineOf = (row) => Object.entries(row).filter(([name, value]) => name !== "code_system" && shown(value)).map(([name, value]) => (name === "units" ? `${value} units` : shown(value))).join(" · ");

/** Two standings as rows, what differs first; what neither says is left out. */
export function rowsOfStandings(before, after) {
  const [first, second] = [new Map(valuesOf(before, "")), new Map(valuesOf(after, ""))];
  const rows = [...new Set([...first.keys(), ...second.keys()])].map((path) => ({ title: titled(path), before: first.get(path) ?? "", after: second.get(path) ?? "" }));
  return rows.filter((row) => (row.before && row.before !== "no") || (row.after && row.after !== "no")).sort((a, b) => (a.before === a.after) - (b.before === b.after));
}
