// Short messages: said in the live region, and gone again after a while; what has to stay stands in a banner.

import { say as sayNow } from "../desk.js";

const SHOWN_MS = 8000;
let timer = null;

/** Says a short message. */
export function say(message) {
  clearTimeout(timer);
  sayNow(message);
  timer = setTimeout(() => sayNow(""), SHOWN_MS);
}
