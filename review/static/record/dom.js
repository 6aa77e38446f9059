// Making elements: no markup is ever parsed from text.

/** An element with attributes, properties (`class`, `on…` listeners) and children; null children are left out. */
export function el(name, attributes = {}, ...children) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) one.addEventListener(key.slice(2), value);
    else one.setAttribute(key, value === true ? "" : value);
  }
  one.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return one;
}

/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/** A sign that says the same as its colour; `words` are for those who do not see it. */
export function sign(character, words) {
  return el("span", { class: "sign" }, el("span", { "aria-hidden": "true" }, character), words && el("span", { class: "unseen" }, words));
}

/** A key as it is printed on a keyboard. */
export function keys(text) {
  return el("span", { class: "keys", "aria-hidden": "true" }, el("kbd", {}, text.replaceAll("+", " ").replace(/ $/, "+")));
}
