import type { Page } from "playwright-core";

/** Keeps every connection that the page makes, so that its statistics can be asked for. */
export const watchConnections = (page: Page) =>
  page.addInitScript(`{
    const connections = (globalThis.connections = []);
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...given) {
        super(...given);
        connections.push(this);
      }
    };
  }`);

export interface Counted {
  /** Of all that comes: pictures decoded, and the energy of what is heard. */
  frames: number;
  energy: number;
  /** Bytes of pictures that went out, of each connection. */
  sent: number[];
}

/** Counted since the beginning, of all connections that are open. */
export const counted = (page: Page): Promise<Counted> =>
  page.evaluate<Counted>(`(async () => {
    const sum = { frames: 0, energy: 0, sent: [] };
    for (const connection of globalThis.connections) {
      if (connection.connectionState === "closed") continue;
      let sent = 0;
      for (const report of (await connection.getStats()).values()) {
        if (report.type === "inbound-rtp") {
          sum.frames += report.framesDecoded ?? 0;
          sum.energy += report.totalAudioEnergy ?? 0;
        }
        if (report.type === "outbound-rtp" && report.kind === "video") sent += report.bytesSent;
      }
      sum.sent.push(sent);
    }
    return sum;
  })()`);

export interface End {
  /** `host`, `srflx`, `prflx` or `relay` (RFC 8445, 5.1.1). */
  candidateType: string;
  address: string;
}

/** Both ends of the way that the page's only connection uses: its own, and the other's; none while there is no way. */
export const endsOf = (page: Page): Promise<End[]> =>
  page.evaluate<End[]>(`(async () => {
    const [connection] = globalThis.connections.filter(({ connectionState }) => connectionState === "connected");
    const reports = (await connection?.getStats()) ?? new Map();
    const { selectedCandidatePairId } = [...reports.values()].find(({ type }) => type === "transport") ?? {};
    const { localCandidateId, remoteCandidateId } = reports.get(selectedCandidatePairId) ?? {};
    return [localCandidateId, remoteCandidateId].flatMap((id) => reports.get(id) ?? []).map(
      ({ candidateType, address }) => ({ candidateType, address }),
    );
  })()`);
