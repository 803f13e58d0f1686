import { expect, test } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { comparable, type Example, example, examples } from "../helpers/document.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { openBeside } from "../helpers/beside.js";

const printedId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Sends an example as printed, with only its ids replaced. */
const send = (gateway: Gateway, { method, path, body }: Example, id: string) =>
  gateway.v1(path.replace(printedId, id), { method, ...(body && { body: body.replace(printedId, id) }) });

async function enter(gateway: Gateway, link: string) {
  const client = gateway.socket();
  expect((await client.enter(link)).type).toBe("entered");
  return client;
}

/** A meeting with a moderator password, as the document's examples have it. */
const documented = { title: "meeting title", moderator_password: "modpwd", welcome_text: "welcome to the class" };

test("the document has twelve sections, each with a request line and a response", () => {
  expect(examples).toHaveLength(12);
  for (const { title, method, path, response } of examples) {
    expect([title, method === "", path === "", response === ""]).toEqual([title, false, false, false]);
  }
});

test("envelope-1, create-1, create-3: 1. Create Meeting answers its example whole", async () => {
  const gateway = await boot();
  const answer = await send(gateway, example(1), "");
  expect(answer.status).toBe(201);
  expect(comparable(answer.text)).toBe(comparable(example(1).response));
});

test("update-1: 2. Update Meeting answers its example whole", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway, documented);
  const answer = await send(gateway, example(2), id);
  expect(answer.status).toBe(200);
  expect(comparable(answer.text)).toBe(comparable(example(2).response));
  expect(answer.body.data.meeting_id).toBe(id);
});

test("start-1, body-1: 3. Start Meeting takes its example with the trailing comma", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway, documented);
  expect(example(3).body).toMatch(/,\s*\}\s*$/);
  const answer = await send(gateway, example(3), id);
  expect(answer.status).toBe(200);
  expect(comparable(answer.text)).toBe(comparable(example(3).response));
});

test("join-1: 4. Join Meeting answers at the path the document prints, and at its own", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway, documented);
  await send(gateway, example(3), id);
  expect(example(4).path).toBe("start_meeting/");
  for (const path of ["start_meeting/", "join_meeting/"]) {
    const answer = await send(gateway, { ...example(4), path }, id);
    expect(answer.status).toBe(200);
    expect(comparable(answer.text)).toBe(comparable(example(4).response));
  }
});

test("end-1: 5. End Meeting answers its example whole", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  await startMeeting(gateway, id);
  const answer = await send(gateway, example(5), id);
  expect(comparable(answer.text)).toBe(comparable(example(5).response));
});

test("delete-2: 6. Delete Scheduled Meeting answers its example whole", async () => {
  const gateway = await boot();
  const answer = await send(gateway, example(6), await createMeeting(gateway));
  expect(comparable(answer.text)).toBe(comparable(example(6).response));
});

test("sessions-1, sessions-2, time-1: 7. List Sessions answers its example whole", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  for (const title of ["session1 title", "session2 title"]) {
    await startMeeting(gateway, id, { title, attendee_password: "attpwd" });
    await gateway.v1(`end_meeting/?meeting_id=${id}`);
  }
  const answer = await send(gateway, example(7), id);
  expect(comparable(answer.text)).toBe(comparable(example(7).response));
});

test("meetings-1: 8. List Meetings answers its example whole", async () => {
  const gateway = await boot();
  for (const title of ["meeting1 title", "meeting2 title"]) {
    const id = await createMeeting(gateway, { ...documented, title });
    await startMeeting(gateway, id, { moderator_password: "modpwd" });
  }
  const answer = await send(gateway, example(8), "");
  expect(comparable(answer.text)).toBe(comparable(example(8).response));
});

test("attendance-1, time-1: 9. List Attendance answers its example, in the order people came", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const session = sessionOf(await startMeeting(gateway, id));
  // The document's example is not in order of joined_date; its rows are.
  const printed = JSON.parse(example(9).response);
  printed.data.sort((a: { joined_date: string }, b: { joined_date: string }) =>
    a.joined_date < b.joined_date ? -1 : 1,
  );
  for (const { full_name } of printed.data) await enter(gateway, await joinMeeting(gateway, id, full_name));
  const answer = await send(gateway, example(9), session);
  expect(comparable(answer.text)).toBe(comparable(JSON.stringify(printed)));
});

test("setting-1: 10. List Settings answers its example whole", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  await send(gateway, example(2), id);
  const answer = await send(gateway, example(10), id);
  expect(comparable(answer.text)).toBe(comparable(example(10).response));
});

test("general-1: 11. List General Meeting Settings answers its example, its data an object", async () => {
  const gateway = await boot();
  const answer = await send(gateway, example(11), "");
  const printed = example(11).response.replace(/\[([\s\S]*)\]/, "{$1}");
  expect(comparable(answer.text)).toBe(comparable(printed));
});

test("record-1: 12. Get Session Recording answers its example; without one, or unpublished, a 404 that says which", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const session = sessionOf(await startMeeting(gateway, id));
  const english = { language: "en" };
  const path = `get_record/?session_id=${session}`;
  const none = await gateway.v1(path, english);
  expect([none.status, none.body.error_messages]).toEqual([404, ["There is no recording of this session."]]);

  const { data: url } = JSON.parse(example(12).response);
  const db = openBeside(gateway);
  db.prepare(
    `INSERT INTO recordings SELECT 'r1', license_id, id, 'test', 'e1', 'READY', 0, ?, 60, 1, 1, NULL, NULL, '[]', NULL, NULL, 0 FROM sessions WHERE id = ?`,
  ).run(url, session);
  const hidden = await gateway.v1(path, english);
  expect([hidden.status, hidden.body.error_messages]).toEqual([
    404,
    ["The recording of this session is not published yet."],
  ]);

  db.prepare("UPDATE recordings SET is_published = 1").run();
  db.close();
  const answer = await send(gateway, example(12), session);
  expect(comparable(answer.text)).toBe(comparable(example(12).response));
});
