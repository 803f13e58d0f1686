// All voices as one track, whoever comes and goes.

export class Mix {
  readonly #context = new AudioContext();
  readonly #whole = this.#context.createMediaStreamDestination();
  readonly #voices = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();

  constructor() {
    // Silence too is sound: without any the film would wait for the first voice.
    const silence = new ConstantSourceNode(this.#context, { offset: 0 });
    silence.connect(this.#whole);
    silence.start();
  }

  get track(): MediaStreamTrack | undefined {
    return this.#whole.stream.getAudioTracks()[0];
  }

  /** Whether the browser lets this page make sound; some wait for a press. */
  get isRunning(): boolean {
    return this.#context.state === "running";
  }

  resume(): Promise<void> {
    return this.#context.resume();
  }

  hear(tracks: readonly MediaStreamTrack[]): void {
    for (const [track, source] of this.#voices) {
      if (tracks.includes(track)) continue;
      source.disconnect();
      this.#voices.delete(track);
    }
    for (const track of tracks) {
      if (this.#voices.has(track)) continue;
      const source = this.#context.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.#whole);
      this.#voices.set(track, source);
    }
  }

  close(): void {
    void this.#context.close();
  }
}
