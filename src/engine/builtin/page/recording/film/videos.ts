// A track becomes a picture only through an element that plays it. These are in no document: what the page shows of the
// room just now, chat or people or nothing, changes nothing of the film.

export class Videos {
  readonly #byTrack = new Map<MediaStreamTrack, HTMLVideoElement>();

  of(track: MediaStreamTrack): HTMLVideoElement {
    let video = this.#byTrack.get(track);
    if (!video) {
      video = document.createElement("video");
      video.muted = true;
      video.playsInline = true;
      video.srcObject = new MediaStream([track]);
      void video.play().catch(() => {});
      this.#byTrack.set(track, video);
    }
    return video;
  }

  /** Forgets all others. */
  keep(tracks: ReadonlySet<MediaStreamTrack | undefined>): void {
    for (const [track, video] of this.#byTrack) {
      if (tracks.has(track)) continue;
      video.srcObject = null;
      this.#byTrack.delete(track);
    }
  }

  close(): void {
    this.keep(new Set());
  }
}
