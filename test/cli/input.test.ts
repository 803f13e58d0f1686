import { describe, expect, test } from "vitest";
import { readTerms } from "../../src/cli/input.js";

describe("what the tool takes for an expiry", () => {
  test.each([
    ["2030-12-31", "2030-12-31T00:00:00.000Z"],
    ["2028-02-29T18:00", "2028-02-29T18:00:00.000Z"],
    ["2030-12-31T18:00:05Z", "2030-12-31T18:00:05.000Z"],
    ["2030-12-31T18:00:05.25+03:00", "2030-12-31T15:00:05.250Z"],
    ["2030-12-31T18:00-05:30", "2030-12-31T23:30:00.000Z"],
  ])("%s is %s", (given, meant) => {
    expect(readTerms({ expires: given })).toEqual({ terms: { expiresAt: new Date(meant) }, faults: [] });
  });

  test.each([
    "",
    "none",
    "tomorrow",
    "31.12.2030",
    "2030-02-29",
    "2030-13-01",
    "2030-12-31T25:00",
    "2030-12-31 18:00",
    "1893456000",
  ])("%j is refused", (given) => {
    expect(readTerms({ expires: given }).faults).toEqual([expect.stringContaining("--expires must be an ISO date")]);
  });

  test("only a new license's must lie ahead", () => {
    const given = { expires: "2020-01-01" };
    expect(readTerms(given, { expiresAfter: new Date() }).faults).toEqual(["--expires must be in the future"]);
    expect(readTerms(given).faults).toEqual([]);
  });
});

describe("what the tool takes for a limit", () => {
  test("whole numbers and none, which is unlimited; a room has place for one at least", () => {
    const given = { maxMeetings: "0", maxRunning: "none", maxAttendance: "2147483647" };
    const terms = { maxMeetings: 0, maxRunning: null, maxAttendance: 2_147_483_647 };
    expect(readTerms(given)).toEqual({ terms, faults: [] });
    expect(readTerms({ maxAttendance: "0" }).faults).toHaveLength(1);
  });

  test.each([
    "",
    " 1",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "0x10",
    "٣",
    "2147483648",
    "99999999999999999999",
    "None",
    "unlimited",
  ])("%j is refused", (given) => {
    expect(readTerms({ maxMeetings: given }).faults).toEqual([
      "--max-meetings must be a whole number from 0 to 2147483647, or none",
    ]);
  });
});

describe("what the tool takes for a name", () => {
  test.each([
    [" ", "--name must show something"],
    ["\u200b\u3164", "--name must show something"],
    ["x".repeat(256), "--name must have at most 255 characters"],
    ["a\nb", "--name must have no line breaks and other control characters"],
    ["--json", "--name lacks its value: what follows it begins with --"],
  ])("%j is refused", (given, fault) => {
    expect(readTerms({ name: given }).faults).toEqual([fault]);
  });

  test("anything else, as it is", () => {
    expect(readTerms({ name: " شركة -x- 🏢 " }).terms).toEqual({ name: " شركة -x- 🏢 " });
  });
});
