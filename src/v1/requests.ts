import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { controlFree, surrogateFree, visible } from "../characters.js";
import { limits, MOST_FAULTS, type TextRule, uuidPattern, webAddress } from "../domain/checks.js";
import { late } from "../late.js";
import type { MessageKey } from "../messages/index.js";
import type { Fault } from "./errors.js";
import { settingFaults } from "./setting-rule.js";

// JSON Schema of each request, built from the domain's own limits. Our own validator, because Fastify's coerces and
// stops at the first part with a fault, and partners are told everything at once (envelope-2).

type Schema = Record<string, unknown>;

const text = (rule: TextRule, more: Schema = {}): Schema => ({
  type: ["string", "null"],
  maxLength: rule.max,
  allOf: [{ pattern: rule.multiline ? controlFree.multiline : controlFree.line }, { pattern: surrogateFree }],
  ...more,
});
const name: Schema = {
  type: "string",
  maxLength: limits.name.max,
  allOf: [{ pattern: visible }, { pattern: controlFree.line }, { pattern: surrogateFree }],
};
const id: Schema = { type: "string", pattern: uuidPattern };

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: "object",
  properties,
  required,
});
const meetingTexts = {
  title: text(limits.title),
  moderator_password: text(limits.password),
  welcome_text: text(limits.welcomeText),
};
const noKeys = object({});

/** Which pattern failed says what is wrong. */
const patternFaults: Record<string, MessageKey> = {
  [controlFree.line]: "fault.controlCharacter",
  [controlFree.multiline]: "fault.controlCharacter",
  [surrogateFree]: "fault.loneSurrogate",
  [visible]: "fault.required",
  [uuidPattern]: "fault.uuid",
};

async function openAjv(): Promise<Ajv> {
  const { Ajv: Validator } = (await import("ajv")).default;
  const made = new Validator({
    allErrors: true,
    strictTypes: false,
    coerceTypes: false,
    removeAdditional: false,
    ownProperties: true,
    // Reading the schema of schemas takes longer than all of ours.
    validateSchema: false,
    verbose: true,
  });
  made.addFormat("web-address", (value: string) => value === "" || webAddress(value) !== undefined);
  return made;
}

const ajv = late(openAjv);

function typeFault({ data, parentSchema, instancePath }: ErrorObject, field: string): Fault {
  if (instancePath === "/body") return { key: "fault.body.object" };
  if (data === null) return { key: "fault.required", facts: { field } };
  if (Array.isArray(data) && instancePath.startsWith("/query")) return { key: "fault.repeated", facts: { field } };
  return { key: parentSchema?.["pattern"] === uuidPattern ? "fault.uuid" : "fault.text", facts: { field } };
}

function faultOf(error: ErrorObject): Fault {
  const field = error.instancePath.split("/").at(-1) ?? "";
  switch (error.keyword) {
    case "required":
      return { key: "fault.required", facts: { field: String(error.params["missingProperty"]) } };
    case "type":
      return typeFault(error, field);
    case "maxLength":
      return { key: "fault.tooLong", facts: { field, limit: Number(error.params["limit"]) } };
    case "pattern":
      return { key: patternFaults[String(error.params["pattern"])] ?? "fault.text", facts: { field } };
    case "enum":
      return { key: "fault.role", facts: { field } };
    case "format":
      return { key: "fault.webAddress", facts: { field } };
    default:
      throw new Error(`no sentence for the JSON Schema keyword ${error.keyword}`);
  }
}

/** What came: the query as parsed (a key given twice is a list), the body as read. */
export interface RequestParts {
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  /** The header `Idempotency-Key`. */
  idempotencyKey?: string | undefined;
}

export interface RequestCheck {
  /** Whether it can find faults already. */
  readonly isReady: boolean;
  /** At its first request, where that comes early: to load what checks and to compile all of them would take a tenth of a start. */
  prepare(): Promise<void>;
  /** Every fault of query, body and header; empty when there is none. */
  faults(parts: { query: unknown; body: unknown; idempotencyKey?: string | undefined }): Fault[];
}

/** A fault told once is enough, and an empty text is missing, not malformed too. */
function distinct(faults: Fault[]): Fault[] {
  const seen = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  const missing = new Set(faults.filter(({ key }) => key === "fault.required").map(({ facts }) => facts?.["field"]));
  return [...seen.values()].filter(
    ({ key, facts }) => key === "fault.required" || !missing.has(facts?.["field"] ?? ""),
  );
}

/** What the header `Idempotency-Key` is held to on routes that mind it. */
const repeatableHeader = object({ idempotency_key: text(limits.idempotencyKey) });

function request(parts: { query?: Schema; body?: Schema; settings?: boolean; repeatable?: boolean }): RequestCheck {
  const header = parts.repeatable ? repeatableHeader : noKeys;
  const schema = object({ query: parts.query ?? noKeys, body: parts.body ?? noKeys, header });
  let validate: ValidateFunction | undefined;
  return {
    get isReady() {
      return validate !== undefined;
    },
    async prepare() {
      const compiler = await ajv();
      validate ??= compiler.compile(schema);
    },
    faults({ query, body, idempotencyKey }) {
      if (!validate) throw new Error("what checks requests was not prepared");
      const found = validate({ query, body, header: { idempotency_key: idempotencyKey } })
        ? []
        : (validate.errors ?? []).filter(({ keyword }) => keyword !== "allOf");
      const more = parts.settings ? settingFaults(body) : [];
      return distinct([...found.map(faultOf), ...more]).slice(0, MOST_FAULTS);
    },
  };
}

const meetingById = object({ meeting_id: id }, ["meeting_id"]);
const sessionById = object({ session_id: id }, ["session_id"]);

export const requests = {
  createMeeting: request({ body: object(meetingTexts), settings: true, repeatable: true }),
  updateMeeting: request({ query: meetingById, body: object(meetingTexts), settings: true }),
  startMeeting: request({
    repeatable: true,
    body: object(
      {
        meeting_id: id,
        title: text(limits.title),
        attendee_password: text(limits.password),
        moderator_password: text(limits.password),
        moderator_name: name,
        logout_url: text(limits.address, { format: "web-address" }),
      },
      ["meeting_id", "moderator_name"],
    ),
  }),
  joinMeeting: request({
    body: object(
      {
        meeting_id: id,
        fullname: name,
        password: text(limits.password),
        role: { type: "string", enum: ["moderator", "viewer"] },
      },
      ["meeting_id", "fullname", "role"],
    ),
  }),
  meetingById: request({ query: meetingById }),
  sessionById: request({ query: sessionById }),
  nothing: request({}),
};

/** All of them, each in a turn of its own. */
export async function prepareAll(): Promise<void> {
  for (const check of Object.values<RequestCheck>(requests)) {
    await check.prepare();
    await nextTurn();
  }
}
