import { personId } from "../page-data.js";

// A frame on another's page may be denied storage; then a reload asks to enter again, and all else works.
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

const key = `inside:${personId}`;

/** "Inside in this tab", so that a reload keeps the place. Named by the person: the link itself is a credential. */
export const mark = {
  isSet: () => withStorage((storage) => storage.getItem(key) !== null) ?? false,
  set: () => withStorage((storage) => storage.setItem(key, "yes")),
  clear: () => withStorage((storage) => storage.removeItem(key)),
};
