import type { Browser, Page } from "playwright-core";
import { openPage } from "../helpers/pages.js";
import { playbackUrlOf } from "../helpers/recorded.js";
import type { Gateway } from "../helpers/boot.js";

/** In place of the microphone that beeps, one that sounds always, so high: so it is told from another's. */
export const soundsAt = (hertz: number) => (page: Page) =>
  page.addInitScript(`{
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = async function (wanted) {
      if (!wanted.audio) return getUserMedia.call(this, wanted);
      const context = new AudioContext();
      const voice = new OscillatorNode(context, { frequency: ${hertz} });
      const { stream } = voice.connect(context.createMediaStreamDestination());
      voice.start();
      return stream;
    };
  }`);

export interface Watched {
  /** As the browser that plays it has it. */
  seconds: number;
  soundSeconds: number;
  /** Of each tone that was asked for, how loud it is, in tenths of the whole; 0 where there is none. */
  tones: number[][];
  /** Of a picture at each place that was asked for: how much its brightness varies, where it is, and a few of its points. */
  pictures: { variety: number; seekedTo: number; shown: string }[];
}

/** The finished file, by the address of its playback page. */
export async function finished(gateway: Gateway, sessionId: string): Promise<Buffer> {
  const url = await playbackUrlOf(gateway, sessionId);
  const page = await (await fetch(url)).text();
  const source = /<video[^>]* src="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
  return Buffer.from(await (await fetch(new URL(source, url))).arrayBuffer());
}

/** Plays it, as far as it takes to know what is in it. */
export async function watch(browser: Browser, file: Buffer, tones: number[], places: number[]): Promise<Watched> {
  const page = await openPage(browser);
  return page.evaluate<Watched>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(file.toString("base64"))}), (letter) => letter.charCodeAt(0));
    const blob = new Blob([bytes], { type: "video/webm" });
    const sound = await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(await blob.arrayBuffer());
    const samples = sound.getChannelData(0);

    // Goertzel's way to the share of one tone.
    const loudness = (hertz, from, to) => {
      const turn = 2 * Math.cos((2 * Math.PI * hertz) / sound.sampleRate);
      let [one, two] = [0, 0];
      for (let at = from; at < to; at++) [one, two] = [samples[at] + turn * one - two, one];
      return Math.sqrt(Math.max(0, one * one + two * two - turn * one * two)) / (to - from);
    };
    const tenth = Math.floor(samples.length / 10);
    const tenths = Array.from({ length: 10 }, (_, at) => at * tenth);
    const tones = ${JSON.stringify(tones)}.map((hertz) => tenths.map((from) => loudness(hertz, from, from + tenth)));

    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(blob);
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error.message));
    });
    const canvas = new OffscreenCanvas(160, 90).getContext("2d");
    const pictures = [];
    for (const place of ${JSON.stringify(places)}) {
      video.currentTime = place;
      await new Promise((resolve) => (video.onseeked = resolve));
      canvas.drawImage(video, 0, 0, 160, 90);
      const { data } = canvas.getImageData(0, 0, 160, 90);
      const greens = Array.from({ length: 160 * 90 }, (_, at) => data[4 * at + 1]);
      const mean = greens.reduce((sum, each) => sum + each, 0) / greens.length;
      const variety = Math.sqrt(greens.reduce((sum, each) => sum + (each - mean) ** 2, 0) / greens.length);
      const shown = greens.filter((_, at) => at % 97 === 0).map((green) => green >> 6).join("");
      pictures.push({ variety, seekedTo: video.currentTime, shown });
    }
    return { seconds: video.duration, soundSeconds: sound.duration, tones, pictures };
  })()`);
}
