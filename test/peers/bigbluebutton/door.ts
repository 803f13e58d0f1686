import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { type Answer, failed, page, type Parameters, parametersOf, succeeded } from "./answer.js";
import { dropRecord } from "./calls/end.js";
import { ofHooks } from "./calls/hooks.js";
import { calls, isCall } from "./calls/index.js";
import { client } from "./client.js";
import { type Fault, type Faults, spoilt } from "./faults.js";
import { type Algorithm, algorithms, isSigned, signedPart, signedPartWhereLast } from "./signature.js";
import type { World } from "./world.js";
import { responseOf } from "./xml.js";

/** A call that came in, whether it was done or not. */
export interface Received {
  /** What follows `/api/`. */
  call: string;
  method: string;
  /** Raw, its checksum with it. */
  query: string;
  parameters: Parameters;
  headers: IncomingMessage["headers"];
  /** By the peer's clock, milliseconds. */
  at: number;
}

export interface Door {
  world: World;
  faults: Faults;
  received: Received[];
}

/** Where the server's paths begin; PlugNmeet has the key of the account in them. */
export const API_KEY = "plugnmeet";
export const basePath = ({ settings }: World): string =>
  settings.flavour === "plugnmeet" ? `/${API_KEY}/bigbluebutton/` : "/bigbluebutton/";

function version({ settings: { flavour, version: says } }: World): Answer {
  if (flavour === "scalelite") return succeeded(["version", says], ["build", "1.6.0"]);
  if (flavour !== "bbb") return succeeded(["version", says]);
  return succeeded(["version", says], ["apiVersion", says], ["bbbVersion", "3.0.4"]);
}

/** bbb-webhooks has a list of its own. */
function acceptedFor(call: string, { hooks, checksums }: World["settings"]): readonly Algorithm[] {
  if (!call.startsWith("hooks/")) return checksums;
  return hooks === "2.6" ? ["sha1"] : algorithms;
}

/** undefined where the call may be done. */
function refusal({ call, query, method, headers }: Received, { settings }: World): Answer | undefined {
  const { flavour, secret } = settings;
  const signed = flavour === "plugnmeet" ? signedPartWhereLast(query) : signedPart(query);
  if (!isSigned(call, signed, secret, acceptedFor(call, settings)))
    return failed("checksumError", "Checksums do not match");
  const isKnown = isCall(call) && !(call.startsWith("hooks/") && settings.hooks === "none");
  if (!isKnown) return failed("unsupportedRequest", "This request is not supported.");
  if (method === "GET") return undefined;
  if (method !== "POST" || call === "join") return page(405, "Method Not Allowed");
  const type = headers["content-type"] ?? "";
  if (call === "create" && !/^(?:application|text)\/xml/.test(type)) return failed("unsupportedContentType");
  return undefined;
}

function act(received: Received, world: World): Answer {
  const { call, query, parameters } = received;
  // PlugNmeet takes a call without any parameter for a question after the version.
  if (call === "" || (world.settings.flavour === "plugnmeet" && query === "")) return version(world);
  const refused = ofHooks(call, parameters, world) ?? refusal(received, world);
  if (refused) return refused;
  return isCall(call) ? calls[call](parameters, world) : page(404, "Not Found");
}

function give(response: ServerResponse, answer: Answer, { settings }: World, fault?: Fault): void {
  if ("redirect" in answer) return void response.writeHead(302, { location: answer.redirect }).end();
  if ("status" in answer)
    return void response.writeHead(answer.status, { "content-type": answer.type }).end(answer.text);
  const text = responseOf(answer.elements);
  const whole = settings.contentType === "text/xml" ? text : `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
  response
    .writeHead(200, { "content-type": `${settings.contentType};charset=utf-8` })
    .end(fault ? spoilt(whole, fault) : whole);
}

async function serve(received: Received, response: ServerResponse, { world, faults }: Door): Promise<void> {
  const fault = faults.take(received.call, received.parameters);
  if (fault && ("status" in fault || "failed" in fault || ("reset" in fault && fault.reset === "before"))) {
    if (received.call === "end") dropRecord(received.parameters, world);
    if ("status" in fault) return give(response, page(fault.status, "Told by the peer"), world);
    if ("failed" in fault) return give(response, failed(fault.failed), world);
    return void response.socket?.resetAndDestroy();
  }
  if (fault && "slow" in fault) await wait(fault.slow, undefined, { ref: false });
  const answer = act(received, world);
  if (fault && "silent" in fault) return;
  if (fault && "reset" in fault) return void response.socket?.resetAndDestroy();
  give(response, answer, world, fault);
}

function receive(request: IncomingMessage, call: string, query: string, { world, received }: Door): Received {
  const one = {
    call,
    method: request.method ?? "",
    query,
    parameters: parametersOf(query),
    headers: request.headers,
    at: world.agenda.now(),
  };
  received.push(one);
  return one;
}

export function doorOf(door: Door): Server {
  const { world } = door;
  return createServer((request, response) => {
    request.resume();
    const [path = "", query = ""] = (request.url ?? "").split(/\?(.*)/s);
    if (path === "/html5client/")
      return give(response, client(parametersOf(query)["sessionToken"] ?? "", world), world);
    const played = world.playback.play(path, parametersOf(query)["token"] ?? "");
    if (played) return give(response, played, world);
    if (path === "/") return give(response, page(200, "Welcome"), world);
    const [, before, call] = /^(.*\/bigbluebutton\/)api(?:\/(.*?))?\/?$/.exec(path) ?? [];
    if (before === undefined) return give(response, page(404, "Not Found"), world);
    if (before !== basePath(world)) return give(response, failed("apiKeyError"), world);
    void serve(receive(request, call ?? "", query, door), response, door);
  });
}
