import Fastify from "fastify";

/** Nothing but Fastify and its log: what any server of this kind costs to start and to hold. */
const app = Fastify({ logger: { level: process.env["LOG_LEVEL"] ?? "info" } });
app.get("/health/live", () => ({ status: "live" }));
await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
