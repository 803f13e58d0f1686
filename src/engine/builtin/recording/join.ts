import { closeSync, openSync, readSync } from "node:fs";
import {
  CustomSource,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  FilePathTarget,
  Input,
  Output,
  WEBM,
  WebMOutputFormat,
} from "mediabunny";
import { wholeElements } from "./whole-elements.js";

/** Where a part begins in the joined file, and how long it is; 0 long where nothing of it could be read. */
export interface JoinedPart {
  offsetSeconds: number;
  seconds: number;
}

/** What rooms' pages record (docs/room-protocol.md). */
const VIDEO = "vp8";
const AUDIO = "opus";

/** 20 ms of silence (RFC 6716, 3.1). */
const silence = Uint8Array.of(0xf8, 0xff, 0xfe);
const PACKET_SECONDS = 0.02;
/** Missing sound is filled up: what is written waits for both tracks, and memory would fill with pictures instead. */
const MOST_SILENT_SECONDS = 1;
const soundByDefault = { codec: AUDIO, sampleRate: 48_000, numberOfChannels: 1 };

type Packets = AsyncGenerator<EncodedPacket, void, unknown>;

function beginningOf(path: string, size: number): CustomSource {
  const file = openSync(path, "r");
  return new CustomSource({
    getSize: () => size,
    read(start, end) {
      const bytes = Buffer.alloc(end - start);
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
    },
    dispose: () => closeSync(file),
    prefetchProfile: "fileSystem",
  });
}

/** A damaged end ends it: what came before is kept. */
const nextOf = async (packets: Packets | undefined): Promise<EncodedPacket | undefined> =>
  (await packets?.next().catch(() => undefined))?.value ?? undefined;

/** Both tracks in the order of their times. */
async function* inOrder(video: Packets, audio: Packets | undefined) {
  let picture = await nextOf(video);
  let sound = await nextOf(audio);
  while (picture || sound) {
    const isVideo = picture !== undefined && (!sound || picture.timestamp <= sound.timestamp);
    yield { packet: (isVideo ? picture : sound) as EncodedPacket, isVideo };
    if (isVideo) picture = await nextOf(video);
    else sound = await nextOf(audio);
  }
}

/** The tracks of a part, from its first whole picture on; undefined where it has none. */
async function tracksOf(input: Input) {
  const video = await input.getPrimaryVideoTrack();
  if ((await video?.getCodec()) !== VIDEO || !video) return undefined;
  const pictures = new EncodedPacketSink(video);
  const first = await pictures.getFirstKeyPacket();
  if (!first) return undefined;
  const found = await input.getPrimaryAudioTrack();
  const audio = (await found?.getCodec()) === AUDIO ? found : null;
  const sounds = audio ? new EncodedPacketSink(audio).packets() : undefined;
  return { video, audio, first, packets: inOrder(pictures.packets(first), sounds) };
}

type Tracks = NonNullable<Awaited<ReturnType<typeof tracksOf>>>;

/** One seekable file of several that were only ever appended to; packets are copied as they are, with new times. */
class Joining {
  readonly #video = new EncodedVideoPacketSource(VIDEO);
  readonly #audio = new EncodedAudioPacketSource(AUDIO);
  /** Opened once there is something to write. */
  #output: Output | undefined;
  readonly #metas = { video: {}, audio: { decoderConfig: soundByDefault } };
  /** Where what was written ends. */
  #videoEnd = 0;
  #audioEnd = 0;

  constructor(readonly target: string) {}

  async #begin({ video, audio }: Tracks): Promise<void> {
    if (this.#output) return;
    this.#output = new Output({ format: new WebMOutputFormat(), target: new FilePathTarget(this.target) });
    this.#output.addVideoTrack(this.#video);
    this.#output.addAudioTrack(this.#audio);
    Object.assign(this.#metas.video, { decoderConfig: await video.getDecoderConfig() });
    Object.assign(this.#metas.audio, { decoderConfig: (await audio?.getDecoderConfig()) ?? soundByDefault });
    await this.#output.start();
  }

  async #addSound(packet: EncodedPacket): Promise<void> {
    if (packet.timestamp < this.#audioEnd - PACKET_SECONDS) return;
    await this.#audio.add(packet, this.#metas.audio);
    this.#audioEnd = packet.timestamp + packet.duration;
  }

  async #fill(until: number): Promise<void> {
    while (this.#audioEnd + MOST_SILENT_SECONDS < until) {
      const at = this.#audioEnd + MOST_SILENT_SECONDS;
      await this.#addSound(new EncodedPacket(silence, "key", at, PACKET_SECONDS));
    }
  }

  async #addPicture(packet: EncodedPacket): Promise<void> {
    await this.#fill(packet.timestamp);
    await this.#video.add(packet, this.#metas.video);
    this.#videoEnd = packet.timestamp + packet.duration;
  }

  async add(file: string): Promise<JoinedPart> {
    const offsetSeconds = Math.max(this.#videoEnd, this.#audioEnd);
    const size = wholeElements(file);
    if (size === 0) return { offsetSeconds, seconds: 0 };
    const input = new Input({ source: beginningOf(file, size), formats: [WEBM] });
    try {
      const tracks = await tracksOf(input).catch(() => undefined);
      if (!tracks) return { offsetSeconds, seconds: 0 };
      await this.#begin(tracks);
      const { first, packets } = tracks;
      for await (const { packet, isVideo } of packets) {
        // Sound from before the first picture is not heard.
        const timestamp = packet.timestamp - first.timestamp + offsetSeconds;
        if (timestamp < offsetSeconds) continue;
        const moved = packet.clone({ timestamp, duration: packet.duration || PACKET_SECONDS });
        await (isVideo ? this.#addPicture(moved) : this.#addSound(moved));
      }
      return { offsetSeconds, seconds: Math.max(this.#videoEnd, this.#audioEnd) - offsetSeconds };
    } finally {
      input.dispose();
    }
  }

  /** @returns false where there is nothing to watch */
  async end(): Promise<boolean> {
    await this.#output?.finalize();
    return this.#output !== undefined;
  }

  async cancel(): Promise<void> {
    await this.#output?.cancel();
  }
}

/** How much the length that was written and the length that is read may differ. */
const MOST_OFF_SECONDS = 1;

/** Reads what was written: its length as it says, a picture in its middle, and its last ones. @throws Error */
async function verify(file: string, seconds: number): Promise<void> {
  const input = new Input({ source: new FilePathSource(file), formats: [WEBM] });
  try {
    const said = await input.getDurationFromMetadata();
    if (said === null || Math.abs(said - seconds) > MOST_OFF_SECONDS) {
      throw new Error(`it says that it is ${said} seconds long, and ${seconds} were written`);
    }
    const video = await input.getPrimaryVideoTrack();
    const sink = video && new EncodedPacketSink(video);
    for (const at of [0, seconds / 2, seconds]) {
      if (!(await sink?.getKeyPacket(at))) throw new Error(`there is no picture at ${at} seconds`);
    }
  } finally {
    input.dispose();
  }
}

/**
 * Joins parts in their order into one file with a length and a table for seeking, and reads it again. Memory does not grow
 * with their length, but for some bytes a second of that table.
 * @returns undefined where none of them has anything to watch
 * @throws Error where it can't be written, or is not right
 */
export async function joinParts(files: readonly string[], target: string): Promise<JoinedPart[] | undefined> {
  const joining = new Joining(target);
  try {
    const parts: JoinedPart[] = [];
    for (const file of files) parts.push(await joining.add(file));
    if (!(await joining.end())) return undefined;
    const last = parts.at(-1);
    await verify(target, last ? last.offsetSeconds + last.seconds : 0);
    return parts;
  } catch (error) {
    await joining.cancel().catch(() => {});
    throw error;
  }
}
