// One connection between two people, by the word its offers carry: three slots, in the order of the m-lines.

import { type Slot, slots } from "../../media/permits.js";
import type { Signal } from "../line/frames.js";

const gatherCandidatesMs = 60;
const mostCandidates = 40;

export type Tracks = Partial<Record<Slot, MediaStreamTrack>>;

/** Of what is sent. */
export interface Limits {
  /** Bits in a second. */
  maxBitrate: number;
  /** Pictures in a second. */
  maxFramerate: number;
  scaleResolutionDownBy: number;
}

/** What a connection asks of what is around it. */
export interface Surroundings {
  iceServers(): RTCIceServer[];
  say(signal: Signal): void;
  maySend(slot: Slot): boolean;
  mayTake(slot: Slot): boolean;
  tracks(): Tracks;
  limits(slot: Slot): Limits;
  /** Other tracks come, or none. */
  changed(): void;
  /** What was connected is no more. */
  lost(): void;
}

/**
 * Asks who sends sound here to send next to nothing while it is silent (RFC 7587, 7.1): in a full room eleven of twelve
 * listen, most of them with a microphone that is only muted.
 */
const withoutSilence = (sdp: string): string => {
  const opus = /^a=rtpmap:(\d+) opus\//m.exec(sdp)?.[1];
  return opus ? sdp.replace(new RegExp(`^a=fmtp:${opus} .*[^\\r\\n]`, "m"), "$&;usedtx=1") : sdp;
};

const kinds: Record<Slot, "audio" | "video"> = { mic: "audio", cam: "video", screen: "video" };

const takes = (direction: string | null | undefined): boolean => direction === "sendrecv" || direction === "recvonly";

/** Of microphone and camera: they are played in step. */
const inStep = new MediaStream();

export class Call {
  readonly connection: RTCPeerConnection;
  #lines: RTCRtpTransceiver[] = [];
  readonly #early: RTCIceCandidateInit[] = [];
  readonly #found: RTCIceCandidateInit[] = [];
  #timer = 0;
  #isAwaitingAnswer = false;
  #offersAgain: RTCOfferOptions | undefined;

  constructor(
    readonly word: string,
    readonly around: Surroundings,
  ) {
    this.connection = new RTCPeerConnection({ iceServers: around.iceServers() });
    this.connection.addEventListener("icecandidate", ({ candidate }) => candidate && this.#tell(candidate.toJSON()));
    this.connection.addEventListener("connectionstatechange", () => around.changed());
  }

  get isConnected(): boolean {
    return this.connection.connectionState === "connected";
  }

  /** It was there, or nearly, and is there no more. */
  get isLost(): boolean {
    return this.connection.iceConnectionState === "disconnected" || this.connection.connectionState === "failed";
  }

  /** Something comes that may not. */
  get isTrespassed(): boolean {
    return slots.some((slot, at) => takes(this.#lines[at]?.currentDirection) && !this.around.mayTake(slot));
  }

  /** What comes, whether or not it is on. */
  received(): Tracks {
    return Object.fromEntries(this.#lines.map(({ receiver }, at) => [slots[at] ?? "mic", receiver.track]));
  }

  /** How loud it was just now, from 0 to 1. */
  level(): number {
    const sources = this.#lines[0]?.receiver.getSynchronizationSources() ?? [];
    return Math.max(0, ...sources.map(({ audioLevel }) => audioLevel ?? 0));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.connection.close();
  }

  async offerFirst(): Promise<void> {
    const direction = (slot: Slot) => this.#wished(slot);
    this.#lines = slots.map((slot) => this.connection.addTransceiver(kinds[slot], { direction: direction(slot) }));
    await this.arrange();
    await this.offer({});
  }

  /** While an answer is still to come, afterwards. */
  async offer(options: RTCOfferOptions): Promise<void> {
    this.#renewServers();
    if (this.#isAwaitingAnswer) {
      this.#offersAgain = options;
      // The way was lost, and with it perhaps the offer or its answer.
      return options.iceRestart ? this.#describe() : undefined;
    }
    this.#isAwaitingAnswer = true;
    await this.connection.setLocalDescription(await this.connection.createOffer(options));
    this.#describe();
  }

  async answer(offer: RTCSessionDescriptionInit): Promise<void> {
    this.#renewServers();
    await this.connection.setRemoteDescription(offer);
    this.#lines = this.connection.getTransceivers();
    await this.arrange();
    await this.connection.setLocalDescription();
    this.#describe();
    await this.add(this.#early.splice(0));
  }

  async take(answer: RTCSessionDescriptionInit): Promise<void> {
    if (this.connection.signalingState !== "have-local-offer") return;
    await this.connection.setRemoteDescription(answer);
    this.#isAwaitingAnswer = false;
    await this.add(this.#early.splice(0));
    const again = this.#offersAgain;
    this.#offersAgain = undefined;
    if (again) await this.offer(again);
  }

  async add(candidates: readonly RTCIceCandidateInit[]): Promise<void> {
    if (!this.connection.remoteDescription) return void this.#early.push(...candidates);
    // One of an older description is of no use, and does no harm.
    await Promise.all(candidates.map((candidate) => this.connection.addIceCandidate(candidate).catch(() => {})));
  }

  /** @returns whether something may pass now that might not before, or the other way round */
  async arrange(): Promise<boolean> {
    const tracks = this.around.tracks();
    let isChanged = false;
    for (const [at, line] of this.#lines.entries()) {
      const slot = slots[at] ?? "mic";
      const direction = this.#wished(slot);
      isChanged ||= line.direction !== direction;
      line.direction = direction;
      const track = (this.around.maySend(slot) && tracks[slot]) || null;
      if (line.sender.track !== track) await line.sender.replaceTrack(track);
      if (slot !== "screen") line.sender.setStreams(inStep);
      if (track) await this.#limit(line.sender, slot === "mic" ? { active: track.enabled } : this.around.limits(slot));
    }
    return isChanged;
  }

  /** What was told of them at the beginning may be good no more. */
  #renewServers(): void {
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers: this.around.iceServers() });
  }

  #wished(slot: Slot): RTCRtpTransceiverDirection {
    const [sends, received] = [this.around.maySend(slot), this.around.mayTake(slot)];
    return sends ? (received ? "sendrecv" : "sendonly") : received ? "recvonly" : "inactive";
  }

  /** Nothing at all is sent of a microphone that is off: for each of the others, its silence would be coded anew. */
  async #limit(sender: RTCRtpSender, limits: Limits | { active: boolean }): Promise<void> {
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (!encoding) return;
    Object.assign(encoding, limits);
    await sender.setParameters(parameters).catch(() => {});
  }

  #describe(): void {
    const { localDescription } = this.connection;
    if (!localDescription) return;
    const { type, sdp } = localDescription;
    this.around.say({ call: this.word, description: { type, sdp: withoutSilence(sdp) } });
  }

  #tell(candidate: RTCIceCandidateInit): void {
    this.#found.push(candidate);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { word: call } = this;
      while (this.#found.length > 0) this.around.say({ call, candidates: this.#found.splice(0, mostCandidates) });
    }, gatherCandidatesMs);
  }
}
