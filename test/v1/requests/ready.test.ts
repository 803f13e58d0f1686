import { expect, onTestFinished, test, vi } from "vitest";
import { requests } from "../../../src/v1/requests.js";
import { boot } from "../../helpers/boot.js";

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
