import { expect, test } from "vitest";
import { Departures } from "../../src/http/departures.js";
import { boot } from "../helpers/boot.js";
import { createMeeting } from "../helpers/meetings.js";
import { rawLine, rawRequest } from "../helpers/raw.js";

const turnsEnd = () => new Promise((resolve) => setImmediate(resolve));

test("answers that are ready in one turn leave together, four at most, and at its end at the latest, in their order", async () => {
  const departures = new Departures();
  const left: number[] = [];
  const sizes: number[] = [];
  departures.begins();
  for (let answer = 0; answer < 10; answer += 1) {
    departures.add(() => void left.push(answer));
    sizes.push(left.length);
  }
  expect(sizes).toEqual([0, 0, 0, 4, 4, 4, 4, 8, 8, 8]);
  await turnsEnd();
  expect(left).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  departures.begins();
  departures.add(() => void left.push(10));
  await new Promise((resolve) => process.nextTick(resolve));
  expect(left).toHaveLength(10);
  await turnsEnd();
  expect(left).toHaveLength(11);
});

test("answers that are ready after the turn's requests leave together as well, without another turn", async () => {
  const departures = new Departures();
  departures.begins();
  await turnsEnd();
  const left: number[] = [];
  const committed = Promise.resolve();
  for (const answer of [1, 2, 3]) void committed.then(() => departures.add(() => void left.push(answer)));
  await committed;
  await Promise.resolve();
  expect(left).toEqual([]);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(left).toEqual([1, 2, 3]);
});

test("of many who ask at the same moment each gets its own answer, and who is gone by then keeps nobody's", async () => {
  const gateway = await boot();
  const titles = Array.from({ length: 24 }, (_, at) => `title ${at}`);
  const ids = await Promise.all(titles.map((title) => createMeeting(gateway, { title })));
  const body = (id: string | undefined) => JSON.stringify({ query: `{ meeting(id: "${id}") { title } }` });
  const headers = { license: gateway.key, "content-type": "application/json" };
  for (let round = 0; round < 5; round += 1) {
    const gone = await Promise.all(ids.slice(0, 6).map(() => rawLine(gateway.url)));
    for (const [at, line] of gone.entries()) {
      line.write(rawRequest("/graphql", { method: "POST", headers, body: body(ids[at]) }));
      line.socket.destroy();
    }
    const told = await Promise.all(
      ids.map(async (id) => {
        const answer = await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body: body(id) });
        return ((await answer.json()) as { data: { meeting: { title: string } } }).data.meeting.title;
      }),
    );
    expect(told).toEqual(titles);
  }
});
