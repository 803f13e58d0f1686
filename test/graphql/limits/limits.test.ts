import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";

async function messages(gateway: Gateway, query: string): Promise<{ status: number; text: string }> {
  const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query }, language: "en" });
  return { status, text: (body.errors ?? []).map(({ message }: { message: string }) => message).join("\n") };
}

/** `meeting { sessions { nodes { meeting { … id } } } }`, this many fields deep. */
function nested(depth: number): string {
  const path = ["sessions(first: 1)", "nodes", "meeting"];
  const inner = Array.from({ length: depth - 3 }, (_, at) => path[at % 3]);
  const leaf = inner.length % 3 === 1 ? "__typename" : "id";
  return `{ meetings(first: 1) { nodes { ${inner.join(" { ")} { ${leaf} ${"}".repeat(inner.length)} } } }`;
}

const many = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");
const tooDeep = "nested too deeply; at most 12 levels are allowed";
const tooManyAliases = "too many aliases; at most 30 are allowed";
const tooManyRoots = "too many root fields; at most 10 are allowed";

test("twelve levels are answered, thirteen refused with a 400 that names the limit, also through fragments", async () => {
  const gateway = await boot();
  expect(await messages(gateway, nested(12))).toEqual({ status: 200, text: "" });
  const deep = await messages(gateway, nested(13));
  expect(deep).toEqual({ status: 400, text: expect.stringContaining(tooDeep) });

  const spread = (levels: number) =>
    `{ meetings(first: 1) { nodes { ...F0 } } } ${many(levels, (at) => {
      const next = at === levels - 1 ? "id" : `...F${at + 1}`;
      return `fragment F${at} on Meeting { ... on Meeting { sessions(first: 1) { nodes { meeting { ${next} } } } } }`;
    })}`;
  expect(await messages(gateway, spread(3))).toEqual({ status: 200, text: "" });
  expect(await messages(gateway, spread(4))).toEqual({ status: 400, text: expect.stringContaining(tooDeep) });
});

test("thirty aliases are answered, thirty-one refused, counted where fragments put them", async () => {
  const gateway = await boot();
  const aliases = (count: number) => `{ license { ${many(count, (at) => `a${at}: name`)} } }`;
  expect(await messages(gateway, aliases(30))).toEqual({ status: 200, text: "" });
  expect(await messages(gateway, aliases(31))).toEqual({ status: 400, text: expect.stringContaining(tooManyAliases) });
  // Eight aliases, spread in four places.
  const spread = `query { license { ...A } b: license { ...A } c: license { ...A } d: license { ...A } }
    fragment A on License { ${many(8, (at) => `a${at}: name`)} }`;
  expect((await messages(gateway, spread)).text).toContain(tooManyAliases);
  const schema = `{ __schema { ${many(31, (at) => `a${at}: types { name }`)} } }`;
  expect((await messages(gateway, schema)).text).toContain(tooManyAliases);
});

test("ten root fields are answered, eleven refused, in queries and mutations, spread or not", async () => {
  const gateway = await boot();
  const roots = (count: number) => many(count, (at) => `a${at}: license { name }`);
  expect(await messages(gateway, `{ ${roots(10)} }`)).toEqual({ status: 200, text: "" });
  expect(await messages(gateway, `{ ${roots(11)} }`)).toEqual({
    status: 400,
    text: expect.stringContaining(tooManyRoots),
  });
  const creates = many(11, (at) => `a${at}: createMeeting(input: {}) { __typename }`);
  expect((await messages(gateway, `mutation { ${creates} }`)).text).toContain(tooManyRoots);
  const spread = `{ ...A ... on Query { ...B } } fragment A on Query { ${roots(6)} }
    fragment B on Query { ${many(5, (at) => `b${at}: license { name }`)} }`;
  expect((await messages(gateway, spread)).text).toContain(tooManyRoots);
  const { body } = await gateway.graphql("{ license { meetingRooms { used } } }");
  expect(body.data.license.meetingRooms.used).toBe(0);
});

test("two thousand tokens are parsed, one more is refused with a 400 that names the limit", async () => {
  const gateway = await boot();
  // Two for the outer braces, five for each root field; eight for a field with its directive, one for a bare field.
  const names = ["id", "name", "keyHint", "expiresAt", "status", "maxAttendance"];
  const tokens = (count: number) => {
    const left = count - 2 - 10 * 5;
    const fields = Array.from({ length: 10 }, () => "");
    for (let at = 0; at < Math.floor(left / 8); at += 1) {
      fields[at % 10] += `${names[Math.floor(at / 10) % names.length]} @include(if: true) `;
    }
    fields[0] += "name ".repeat(left % 8);
    return `{ ${fields.map((inner, at) => `r${at}: license { ${inner} }`).join(" ")} }`;
  };
  expect(await messages(gateway, tokens(2000))).toEqual({ status: 200, text: "" });
  const long = await messages(gateway, tokens(2001));
  expect(long).toEqual({ status: 400, text: expect.stringContaining("more that 2000 tokens") });
});

test("one field of one object may be asked for thirty times, also through fragments; more is refused before it is compared", async () => {
  const gateway = await boot();
  const repeated = (count: number) => `{ license { ${many(count, () => "name")} } }`;
  const spread = (count: number) =>
    `{ license { ...A } license { ... on License { ${many(count - 5, () => "name")} } } }
     fragment A on License { ...B } fragment B on License { ${many(5, () => "name")} }`;
  const tooOften = "same field of the same object too often; at most 30 times are allowed";
  for (const document of [repeated, spread]) {
    expect(await messages(gateway, document(30))).toEqual({ status: 200, text: "" });
    expect(await messages(gateway, document(31))).toEqual({ status: 400, text: expect.stringContaining(tooOften) });
  }
  const began = process.cpuUsage();
  expect((await messages(gateway, repeated(1990))).text).toContain(tooOften);
  const { user, system } = process.cpuUsage(began);
  // Also on a machine that collects other garbage meanwhile.
  expect((user + system) / 1000).toBeLessThan(500);
});

test("every operation of a document counts, not only the one that is asked for", async () => {
  const gateway = await boot();
  const query = `query A { license { name } } query B { ${many(11, (at) => `a${at}: license { name }`)} }`;
  const { status, body } = await gateway.graphql(
    "",
    {},
    {
      method: "POST",
      body: { query, operationName: "A" },
      language: "en",
    },
  );
  expect([status, body.errors[0].message]).toEqual([400, expect.stringContaining(tooManyRoots)]);
});

test("fragment bombs and cycles are answered with a 400 long before they hurt", async () => {
  const gateway = await boot();
  await messages(gateway, "{ license { name } }");
  const bomb = `{ ...F0 } ${many(150, (at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)}
    fragment F150 on Query { a: license { name } b: license { name } }`;
  const fields = `{ license { ...F0 } } ${many(120, (at) => {
    return `fragment F${at} on License { x${at}: name ...F${at + 1} ...F${at + 1} }`;
  })} fragment F120 on License { name }`;
  const cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A license { name } }";
  const selfCycle = "{ license { ...A } } fragment A on License { name ...A }";
  const braces = `{ ${"license { ".repeat(900)}`;
  const began = performance.now();
  for (const query of [bomb, fields, cycle, selfCycle, braces]) {
    const refused = await messages(gateway, query);
    expect([query.slice(0, 40), refused.status]).toEqual([query.slice(0, 40), 400]);
    expect(refused.text).not.toBe("");
  }
  // Each takes milliseconds; without the measuring the first alone would take longer than the universe has.
  expect(performance.now() - began).toBeLessThan(10_000);
});

test("Sandbox's own introspection, with everything graphql-js can ask for, passes the limits", async () => {
  const gateway = await boot();
  const options = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true };
  const query = getIntrospectionQuery({
    ...options,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  expect(await messages(gateway, query)).toEqual({ status: 200, text: "" });
});

test("introspection that nests lists in lists is refused", async () => {
  const gateway = await boot();
  const inner = (depth: number): string => (depth === 0 ? "name" : `fields { type { ${inner(depth - 1)} } }`);
  const { status, text } = await messages(gateway, `{ __schema { types { ${inner(4)} } } }`);
  expect([status, text]).toEqual([400, expect.stringContaining("Maximum introspection depth")]);
});
