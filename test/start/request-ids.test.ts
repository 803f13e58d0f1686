import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { temporaryFolder } from "../helpers/boot.js";
import { demoKeyOf, server, stop } from "./process.js";

const query = "{ nope }";
const idIn = (answer: string): string => /"requestId":"([^"]+)"/.exec(answer)?.[1] ?? "";

/** What a socket answers to the query. */
const overSocket = (url: string, license: string) =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    const say = (frame: object) => socket.send(JSON.stringify(frame));
    socket.on("open", () => say({ type: "connection_init", payload: { license } }));
    socket.on("message", (data) => {
      const text = (data as Buffer).toString("utf8");
      if (text.includes("connection_ack")) return say({ type: "subscribe", id: "1", payload: { query } });
      socket.terminate();
      return resolve(text);
    });
  });

test("the request's id in an error is in the log too, whatever door the error came out of", async () => {
  const started = await server(temporaryFolder(), { LOG_LEVEL: "info" });
  const url = await started.url();
  const license = demoKeyOf(started.out()) ?? "";
  const post = async (path: string) => {
    const headers = { license, "content-type": "application/json" };
    return (await fetch(url + path, { method: "POST", headers, body: JSON.stringify({ query }) })).text();
  };
  const answers = [await post("/graphql"), await post("/graphql/stream"), await overSocket(url, license)];
  const ids = answers.map(idIn);
  await stop(started);
  const log = started.out() + started.err();
  expect(ids.map((id) => [id.length, log.includes(id)])).toEqual(ids.map(() => [36, true]));
});
