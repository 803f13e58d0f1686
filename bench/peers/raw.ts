/*
 * v1 as a careful engineer would write it by hand who wants it fast: no graph, no layers, prepared statements, one
 * mapper a route, one transaction a write. What it leaves out of ours: GraphQL and its limits, events and who follows
 * them, versions of a license's data, idempotency keys, calls counted by the minute, slowing who guesses passwords, the
 * engine behind a room, texts checked to the last letter, every fault told at once, what happens while a file is lost or
 * a server ends, and answers to whoever speaks broken HTTP.
 */

import { app, env } from "./raw/door.js";
import "./raw/reads.js";
import "./raw/writes.js";

await app.listen({ port: Number(env["PORT"]), host: "127.0.0.1" });
