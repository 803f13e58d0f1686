import type { Queries } from "../../storage/index.js";

/** The role is read from what is stored, never from what a page says (leave-3). */
export async function isModeratorInside(queries: Queries, sessionId: string, personId: string): Promise<boolean> {
  const person = await queries.attendances.find(personId);
  return person?.sessionId === sessionId && person.role === "MODERATOR" && person.leftAt === null;
}
