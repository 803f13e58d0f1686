import { useLayoutEffect, useRef } from "preact/hooks";

/** A picture; its sound comes apart from it. */
export function Picture({ track, isMirrored = false }: { track: MediaStreamTrack; isMirrored?: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const { current } = video;
    if (current) current.srcObject = new MediaStream([track]);
    return () => {
      if (current) current.srcObject = null;
    };
  }, [track]);
  return <video ref={video} class={isMirrored ? "mirrored" : ""} autoplay playsInline muted aria-hidden="true" />;
}
