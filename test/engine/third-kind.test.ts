import { expect, onTestFinished, test } from "vitest";
import { ConfigError, readConfig } from "../../src/config.js";
import { engineKinds } from "../../src/engine/index.js";
import type { EngineKind } from "../../src/engine/kind.js";
import { Wrong } from "../../src/variables.js";
import { boot } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";

const rooms = new Set<string>();

/** All of a third sort of engine, as its folder would have it. */
const third = {
  env: "THIRD",
  options: {
    houseKey: {
      description: "what opens the house",
      isRequired: true,
      isSecret: true,
      read(text) {
        if (text.length < 4) throw new Wrong("must have 4 letters or more");
        return text.toUpperCase();
      },
    },
    floor: { description: "which floor", byDefault: "1", read: (text) => text },
  },
  open: ({ name }, { houseKey, floor }) => ({
    engine: {
      name,
      async check() {},
      async openRoom({ sessionId }) {
        rooms.add(sessionId);
        return `${houseKey}-${floor}`;
      },
      entrance: ({ engineRoomId }, person) => ({
        address: (language) => `https://third.example.com/${engineRoomId}/${person.role}/${language}`,
      }),
      async closeRoom(sessionId) {
        rooms.delete(sessionId);
      },
    },
  }),
} satisfies EngineKind;

test("a third sort of engine is its folder and its line: variables, faults, and the whole life of a session come with it", async () => {
  const kinds: Record<string, EngineKind> = engineKinds;
  // The line in `src/engine/index.ts`.
  kinds["third"] = third;
  onTestFinished(() => void delete kinds["third"]);

  expect(() => readConfig({ ENGINE: "third" })).toThrow(ConfigError);
  expect(() => readConfig({ ENGINE: "third" })).toThrow("THIRD_HOUSE_KEY: is required beside ENGINE=third");
  expect(() => readConfig({ ENGINE: "third", THIRD_HOUSE_KEY: "abc" })).toThrow(
    "THIRD_HOUSE_KEY: must have 4 letters or more",
  );

  const gateway = await boot({ env: { ENGINE: "third", THIRD_HOUSE_KEY: "abcd" } });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  expect(rooms.size).toBe(1);
  const entered = await fetch(link, { method: "POST", redirect: "manual", headers: { "accept-language": "en" } });
  expect(entered.headers.get("location")).toBe("https://third.example.com/ABCD-1/MODERATOR/en");
  expect((await gateway.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
  expect(rooms.size).toBe(0);
});
