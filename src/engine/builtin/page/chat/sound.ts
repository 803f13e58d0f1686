import { signal } from "@preact/signals";
import { remembered } from "../parts/remembered.js";

const choice = remembered(() => localStorage, "sound");

export const isSoundOn = signal(choice.get() !== "off");

export function switchSound(on: boolean): void {
  isSoundOn.value = on;
  choice.set(on ? "on" : "off");
}

const seconds = 0.35;
let context: AudioContext | undefined;

/** Browsers let a page be heard only after a press. */
export function allowSound(): void {
  context ??= "AudioContext" in window ? new AudioContext() : undefined;
  void context?.resume();
}

/** Two soft tones, made here: no file has to come for them. */
export function playSound(): void {
  if (!isSoundOn.value || context?.state !== "running") return;
  for (const [tone, delay] of [
    [660, 0],
    [880, 0.09],
  ] as const) {
    const begin = context.currentTime + delay;
    const source = new OscillatorNode(context, { type: "sine", frequency: tone });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.08, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + seconds);
    source.connect(volume).connect(context.destination);
    source.start(begin);
    source.stop(begin + seconds);
  }
}
