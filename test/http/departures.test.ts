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
  for (let answer = 0; answer < 10; answer += 1) {
    departures.add(() => void left.push(answer));
    sizes.push(left.length);
  }
  expect(sizes).toEqual([0, 0, 0, 4, 4, 4, 4, 8, 8, 8]);
  await turnsEnd();
  expect(left).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  departures.add(() => void left.push(10));
  expect(left).toHaveLength(10);
  await turnsEnd();
  expect(left).toHaveLength(11);
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
