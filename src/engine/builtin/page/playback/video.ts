import { signal } from "@preact/signals";
import { readAddress } from "./playback-data.js";

const backMs = 10_000;

export const video = document.getElementById("video") as HTMLVideoElement;
/** Where it stands, in seconds. */
export const now = signal(0);
export const speed = signal(1);
export const speeds = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;
export const problem = signal<"page.playback.lost" | "page.playback.gone" | undefined>(undefined);

export function seek(to: number): void {
  video.currentTime = Math.max(0, Number.isFinite(video.duration) ? Math.min(to, video.duration) : to);
  now.value = video.currentTime;
}

export function setSpeed(to: number): void {
  video.playbackRate = to;
  speed.value = to;
}

/** One step slower or faster. */
export function changeSpeed(by: 1 | -1): void {
  const at = speeds.findIndex((each) => each >= speed.value);
  setSpeed(speeds[Math.min(Math.max(at + by, 0), speeds.length - 1)] ?? 1);
}

export const toggle = (): unknown => (video.paused ? video.play().catch(() => {}) : video.pause());

let renewedAt = Number.NEGATIVE_INFINITY;

/** The file's address was good for a while: it goes on with another, from where it stood. */
async function renew(): Promise<void> {
  if (performance.now() - renewedAt < backMs) return void (problem.value = "page.playback.lost");
  renewedAt = performance.now();
  const at = now.value;
  const wasPlaying = !video.paused;
  try {
    const address = await readAddress();
    if (!address) return void (problem.value = "page.playback.gone");
    video.src = address.media;
    video.playbackRate = speed.value;
    seek(at);
    problem.value = undefined;
    if (wasPlaying) await video.play().catch(() => {});
  } catch {
    problem.value = "page.playback.lost";
  }
}

export function follow(): void {
  video.addEventListener("timeupdate", () => (now.value = video.currentTime));
  video.addEventListener("ratechange", () => (speed.value = video.playbackRate));
  video.addEventListener("error", () => void renew());
  // It may have failed before there was anybody to hear it.
  if (video.error) void renew();
}
