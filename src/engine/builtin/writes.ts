import { Turns } from "../../turns.js";

/** Writes in one turn of the event loop, of all rooms together: some milliseconds. */
const WRITES_PER_TURN = 500;

/** What many are told is written in turns. */
export const writes = new Turns(WRITES_PER_TURN);
