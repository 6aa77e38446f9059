// The pages as images: one at a time, moved and enlarged by keys, wheel and buttons; the spot of a value is marked on them.

import { ask } from "../desk.js";
import { byId, el } from "./dom.js";
import { ofDocument, state, tell } from "./state.js";

const box = byId("viewer");
const sheet = byId("sheet");
const image = byId("page-image");
const mark = byId("spot-mark");
const drawn = byId("drawn-mark");
const READING = 1.7; // times the width that fits: typed lines of a fax are then as large as the record beside it
const STEP = 1.25;
const LARGEST = 6;
const images = new Map();
const words = new Map();
let shownPage = 0;
let zoom = 1;
let chosenZoom = READING;
let spot = null;

/** The number of the page that is shown; 0 where there is none. */
export const pageNumber = () => shownPage;

/** Loads the image of a page, once. */
export function imageOf(number) {
  if (!images.has(number)) {
    const one = new Image();
    one.src = ofDocument(`pages/${number}`);
    images.set(number, one.decode().then(() => one, () => (images.delete(number), null)));
  }
  return images.get(number);
}

/** Shows a page, from its top. */
export async function showPage(number, { keepPlace = false } = {}) {
  const pages = state.work.pages;
  const page = pages.find((one) => one.number === number);
  if (!page) return;
  if (number !== shownPage) {
    shownPage = number;
    mark.hidden = true;
    image.width = page.width;
    image.height = page.height;
    image.src = ofDocument(`pages/${number}`);
    image.alt = `Page ${number} of the fax`;
    byId("page-number").textContent = `Page ${number} of ${pages.length}`;
    if (!keepPlace) box.scrollTo(0, 0);
    tell("page", number);
  }
  resize();
}

/** Goes to the page before or after. */
export function turn(step) {
  const numbers = state.work.pages.map((page) => page.number);
  const next = numbers[numbers.indexOf(shownPage) + step];
  if (next !== undefined) showPage(next);
}

/** Marks a place on the page that is shown, and moves nothing. */
export function markSpot(place) {
  spot = place;
  if (place.page !== shownPage) return;
  mark.classList.toggle("wide", isWide(place));
  put(mark, place.box);
  mark.hidden = false;
}

/** Shows the place of a value: its page, moved and enlarged to it, and marked. Nothing is moved where there is no place. */
export async function showSpot(place) {
  spot = place;
  mark.hidden = true;
  if (!place) return;
  await showPage(place.page, { keepPlace: true });
  if (spot !== place) return;
  const [left, top, right, bottom] = place.box;
  mark.classList.toggle("wide", isWide(place));
  if (isWide(place)) {
    // Somewhere in this part of the page: it is marked, and seen whole.
    zoom = 1;
    resize();
    put(mark, place.box);
    mark.hidden = false;
    box.scrollTo(0, top * size().height - 8);
    return;
  }
  const fits = (0.92 * box.clientWidth) / Math.max(1, (right - left) * fitWidth());
  zoom = Math.max(1, Math.min(chosenZoom, fits));
  resize();
  put(mark, place.box);
  mark.hidden = false;
  const { width, height } = size();
  box.scrollTo(((left + right) / 2) * width - box.clientWidth / 2, ((top + bottom) / 2) * height - box.clientHeight * 0.42);
}

/** Whether a place is a part of the page, and not the spot of one value. */
export const isWide = ({ box: [, top, , bottom] }) => bottom - top > 0.12;

/** Enlarges, or with a number below 1 makes smaller; 0 fits the page's width. */
export function enlarge(factor) {
  const before = size();
  const x = (box.scrollLeft + box.clientWidth / 2) / before.width, y = (box.scrollTop + box.clientHeight / 2) / before.height;
  zoom = factor === 0 ? 1 : Math.min(LARGEST, Math.max(0.5, zoom * factor));
  chosenZoom = factor === 0 ? READING : Math.max(1, zoom);
  resize();
  const after = size();
  box.scrollTo(x * after.width - box.clientWidth / 2, y * after.height - box.clientHeight / 2);
}
export const larger = () => enlarge(STEP);
export const smaller = () => enlarge(1 / STEP);

/** Moves the page by parts of what is seen of it. */
export function pan(x, y) {
  box.scrollBy({ left: x * box.clientWidth * 0.25, top: y * box.clientHeight * 0.25 });
}

const fitWidth = () => Math.max(200, box.clientWidth - 2);
const size = () => ({ width: sheet.offsetWidth || 1, height: sheet.offsetHeight || 1 });

function resize() {
  const page = state.work?.pages.find((one) => one.number === shownPage);
  if (!page) return;
  const width = Math.round(fitWidth() * zoom);
  sheet.style.width = `${width}px`;
  sheet.style.height = `${Math.round((width * page.height) / page.width)}px`;
}

function put(element, [left, top, right, bottom]) {
  const { width, height } = size();
  const air = 4;
  Object.assign(element.style, {
    left: `${left * width - air}px`,
    top: `${top * height - air}px`,
    width: `${(right - left) * width + 2 * air}px`,
    height: `${(bottom - top) * height + 2 * air}px`,
  });
}

/** Draws the place of a value into a canvas, as large as it fits; gives whether it could. */
export async function drawCrop(canvas, place) {
  const whole = await imageOf(place.page);
  if (!whole) return false;
  const [left, top, right, bottom] = place.box;
  const air = Math.max(0.006, (bottom - top) * 0.35);
  const x = Math.max(0, (left - air) * whole.width), y = Math.max(0, top * whole.height - air * whole.width * 0.7);
  const width = Math.min(whole.width, (right + air) * whole.width) - x;
  const height = Math.min(whole.height, bottom * whole.height + air * whole.width * 0.7) - y;
  const room = canvas.parentElement;
  const scale = Math.min(room.clientWidth / width, room.clientHeight / height, 1.4);
  const sharp = Math.max(1, devicePixelRatio);
  canvas.width = Math.round(width * scale * sharp);
  canvas.height = Math.round(height * scale * sharp);
  canvas.style.width = `${Math.round(width * scale)}px`;
  canvas.style.height = `${Math.round(height * scale)}px`;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(whole, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return true;
}

/** The words of a page as they were read; none where they cannot be had. */
function wordsOf(number) {
  if (!words.has(number)) words.set(number, ask(ofDocument(`pages/${number}/words`)).catch(() => (words.delete(number), [])));
  return words.get(number);
}

/** The place at which the mouse is, in fractions of the page. */
function at(event) {
  const edge = sheet.getBoundingClientRect();
  const part = (value) => Math.min(1, Math.max(0, value));
  return [part((event.clientX - edge.left) / edge.width), part((event.clientY - edge.top) / edge.height)];
}

let from = null;

function begin(event) {
  if (event.button !== 0) return;
  event.preventDefault(); // the focus stays in the field that is to be filled
  from = at(event);
  sheet.setPointerCapture(event.pointerId);
}

function stretch(event) {
  if (!from) return;
  const to = at(event);
  drawn.hidden = false;
  put(drawn, [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]);
}

async function end(event) {
  if (!from) return;
  const to = at(event);
  const frame = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
  from = null;
  drawn.hidden = true;
  const page = shownPage;
  const found = (await wordsOf(page)).filter((word) => isIn(word.box, frame));
  if (!found.length) {
    tell("nothing-there");
    return;
  }
  const around = found.reduce(
    ([l, t, r, b], { box: [left, top, right, bottom] }) => [Math.min(l, left), Math.min(t, top), Math.max(r, right), Math.max(b, bottom)],
    [1, 1, 0, 0],
  );
  tell("picked", { text: found.map((word) => word.text).join(" "), spot: { page, box: around } });
}

// A click takes the word under it; a drag takes the words whose middle lies in its frame.
function isIn([left, top, right, bottom], [l, t, r, b]) {
  const isClick = r - l < 0.004 && b - t < 0.004;
  if (isClick) return left <= r && right >= l && top <= b && bottom >= t;
  const x = (left + right) / 2, y = (top + bottom) / 2;
  return x >= l && x <= r && y >= t && y <= b;
}

function ownKeys(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const act = {
    ArrowLeft: () => pan(-1, 0), ArrowRight: () => pan(1, 0), ArrowUp: () => pan(0, -1), ArrowDown: () => pan(0, 1),
    "+": larger, "=": larger, "-": smaller, 0: () => enlarge(0), PageUp: () => turn(-1), PageDown: () => turn(1),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Shows the small images of all pages; those of this request are marked by a border and a word. */
export function showThumbnails() {
  const mine = new Set(state.work.record.source.pages);
  const pages = state.work.pages;
  byId("thumbnails").replaceChildren(...(pages.length < 2 ? [] : pages).map((page) => {
    const isOurs = mine.has(page.number);
    const label = `Page ${page.number}${isOurs ? ", of this request" : ", not of this request"}`;
    const small = el("img", { src: ofDocument(`pages/${page.number}`), alt: "", loading: "lazy", width: page.width, height: page.height });
    const words = el("span", {}, `${page.number}${isOurs ? " ✓" : ""}`);
    return el("li", {}, el("button", { class: isOurs ? "ours" : "", "aria-label": label, "data-page": page.number, onclick: () => showPage(page.number) }, small, words));
  }));
}

/** Takes part in the page's life. */
export function startViewer() {
  box.addEventListener("keydown", ownKeys);
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    enlarge(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }, { passive: false });
  sheet.addEventListener("pointerdown", begin);
  sheet.addEventListener("pointermove", stretch);
  sheet.addEventListener("pointerup", end);
  sheet.addEventListener("pointercancel", () => { from = null; drawn.hidden = true; });
  new ResizeObserver(() => (spot ? showSpot(spot) : resize())).observe(box);
}
