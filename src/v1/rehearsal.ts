import { setImmediate as nextTurn } from "node:timers/promises";
import { newId } from "../ids.js";
import { answerOf } from "./answers.js";
import { type Came, saidBy, type V1, walk } from "./handler.js";
import { isRead, type Route, routes } from "./routes.js";

/**
 * Runs each read once, so that no first call waits for its code to be written, compiled and its statements prepared, and
 * everybody else with it. Each has a turn of the event loop to itself, and what they share is done in the first of them.
 * @param caller who has no data, so that nothing is read but the indexes
 */
export async function rehearse(v1: V1, caller: Came["caller"], isOver: () => boolean): Promise<void> {
  const language = "en";
  for (const route of Object.values<Route>(routes).filter(isRead)) {
    await nextTurn();
    if (isOver()) return;
    const query = { meeting_id: newId(), session_id: newId() };
    const walked = await walk(route, { id: newId(), language, caller, headers: {}, query, body: undefined }, v1);
    const { status, body } = "outcome" in walked ? saidBy(route, walked.context, walked.outcome) : walked;
    answerOf(status, body, { language, route: route.path });
  }
}
