import type { Callback, EngineSetting, RoomsElsewhere } from "../../engine.js";

/** What is needed to hear a server. */
export interface Hearing extends Pick<EngineSetting, "reports" | "clock" | "log"> {
  /** Any of them signs what is told. */
  secrets: readonly string[];
  /** Whether webhooks are taken whose checksum covers nothing of what they say. */
  takesConstant: boolean;
  look: RoomsElsewhere["look"];
}

/**
 * One kind of callback. It answers when what was told is stored; what takes the server's own answer goes on after it.
 * @param rest what follows the kind in the path
 * @throws StorageUnavailable where nothing could be stored: then it is told again, where the server tells twice
 */
export type Hear = (callback: Callback, hearing: Hearing, rest: string) => Promise<{ status: number }>;
