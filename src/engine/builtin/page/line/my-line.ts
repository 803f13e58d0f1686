import { link } from "../page-data.js";
import { Line } from "./line.js";

// Relative to this page, whatever path it is served under; the link's query stays out of every log on the way.
const address = new URL("room", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
address.search = "";
address.hash = "";

/** This page's own. */
export const line = new Line(address.href, link);
