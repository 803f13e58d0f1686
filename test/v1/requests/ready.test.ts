import { expect, onTestFinished, test, vi } from "vitest";
import { requests } from "../../../src/v1/requests.js";
import { boot } from "../../helpers/boot.js";
import { statementsDuring, watchStatements } from "../../helpers/rows.js";

test("soon after the start all that checks requests is made, so that no first call waits for it", async () => {
  const prepared: string[] = [];
  for (const [name, check] of Object.entries(requests)) {
    const prepare = check.prepare.bind(check);
    check.prepare = () => (prepared.push(name), prepare());
    onTestFinished(() => void (check.prepare = prepare));
  }
  await boot();
  await vi.waitFor(() => expect(prepared).toEqual(Object.keys(requests)), { timeout: 5_000 });
  await vi.waitFor(() => expect(Object.values(requests).every(({ isReady }) => isReady)).toBe(true));
});

test("a server goes on that could not make it, as one that is out of files, and a call tries it again", async () => {
  const { nothing } = requests;
  const prepare = nothing.prepare.bind(nothing);
  onTestFinished(() => void (nothing.prepare = prepare));
  const failing = vi.fn(() => Promise.reject(new Error("EMFILE: too many open files")));
  nothing.prepare = failing;
  const gateway = await boot();
  await vi.waitFor(() => expect(failing).toHaveBeenCalled(), { timeout: 5_000 });
  nothing.prepare = prepare;
  const { status } = await gateway.v1("list_general_meeting_setting", { key: gateway.key });
  expect(status).toBe(200);
});

test("and each read was run once for nobody, so that a first list finds its code written and its statements prepared", async () => {
  const heard = new Set<string>();
  onTestFinished(watchStatements((text) => heard.add(text)));
  const gateway = await boot({ isRehearsed: true });
  const ofList = (text: string) => /from "meetings".*order by/is.test(text);
  await vi.waitFor(() => expect([...heard].filter(ofList)).toHaveLength(1), { timeout: 5_000 });
  const before = new Set(heard);
  const ran = await statementsDuring(() => gateway.v1("list_meetings", { key: gateway.key }));
  expect(ran.filter(ofList)).toHaveLength(1);
  expect(ran.filter((text) => ofList(text) && !before.has(text))).toEqual([]);
  expect(gateway.log()).not.toMatch(/"level":(?:40|50)/);
});
