import { personId } from "../page-data.js";
import { remembered } from "../parts/remembered.js";

/** "Inside in this tab", so that a reload keeps the place. Named by the person: the link itself is a credential. */
export const mark = remembered(() => sessionStorage, `inside:${personId}`);
