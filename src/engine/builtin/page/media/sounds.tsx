import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../texts.js";
import { received } from "./mesh.js";
import { comesFrom, onAir } from "./on-air.js";

/** Browsers let a page be heard only after a press, and after a reload there was none. */
const isBlocked = signal(false);

function Sound({ id, track }: { id: string; track: MediaStreamTrack }) {
  const audio = useRef<HTMLAudioElement>(null);
  useLayoutEffect(() => {
    const { current } = audio;
    if (!current) return undefined;
    current.srcObject = new MediaStream([track]);
    current.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") isBlocked.value = true;
    });
    return () => {
      current.srcObject = null;
    };
  }, [track, isBlocked.value]);
  return <audio ref={audio} data-person-id={id} />;
}

/** Everyone's voice, whatever panel is looked at. */
export function Sounds() {
  const heard = [...onAir.value.keys()].flatMap((id) => {
    const track = comesFrom(id).mic ? received.value.get(id)?.mic : undefined;
    return track ? [<Sound key={id} id={id} track={track} />] : [];
  });
  return (
    <div class="sounds">
      {heard}
      {isBlocked.value && heard.length > 0 && (
        <button id="hear" class="primary" type="button" onClick={() => (isBlocked.value = false)}>
          {text("page.media.hear")}
        </button>
      )}
    </div>
  );
}
