import type { Person } from "../line/frames.js";
import { Avatar } from "../parts/avatar.js";
import { Icon } from "../parts/icons.js";
import { myId } from "../people/people.js";
import { text } from "../texts.js";
import { isLarge, isLayoutLocked, isPinned, pin } from "./layout.js";
import { speaking } from "./levels.js";
import { received } from "./mesh.js";
import { mine } from "./mine.js";
import { myTracks } from "./my-tracks.js";
import { comesFrom } from "./on-air.js";
import { Picture } from "./picture.js";

/** What is shown there, where there is a picture. */
export const trackOf = (id: string, slot: "cam" | "screen"): MediaStreamTrack | undefined => {
  if (id === myId.value) return mine.value[slot] ? myTracks.value[slot] : undefined;
  return comesFrom(id)[slot] ? received.value.get(id)?.[slot] : undefined;
};

/** One's own screen in the screen would be in the screen again. */
function Sharing() {
  return (
    <p class="sharing">
      <Icon name="screen" />
      {text("page.media.youShare")}
    </p>
  );
}

interface SeenProps {
  person: Person;
  track: MediaStreamTrack | undefined;
  isMirrored: boolean;
}

/** Under the picture, for as long as nothing of it has come. */
function Seen({ person, track, isMirrored }: SeenProps) {
  return (
    <>
      <Avatar person={person} />
      {track && <Picture track={track} isMirrored={isMirrored} />}
    </>
  );
}

interface TileProps {
  person: Person;
  slot: "cam" | "screen";
}

/** In a window of its own, over other programs. */
async function showApart({ currentTarget }: { currentTarget: HTMLElement }): Promise<void> {
  const video = currentTarget.closest(".tile")?.querySelector("video");
  if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
  else await video?.requestPictureInPicture().catch(() => {});
}

function TileTools({ person: { id, name }, slot, hasPicture }: TileProps & { hasPicture: boolean }) {
  if (isLayoutLocked.value) return null;
  return (
    <div class="tile-tools">
      <button
        type="button"
        class="round"
        aria-pressed={isPinned({ id, slot })}
        aria-label={text("page.media.pin", { name })}
        title={text("page.media.pin", { name })}
        onClick={() => pin({ id, slot })}
      >
        <Icon name="pin" />
      </button>
      {hasPicture && document.pictureInPictureEnabled && (
        <button
          type="button"
          class="round"
          aria-label={text("page.media.apart", { name })}
          title={text("page.media.apart", { name })}
          onClick={(event) => void showApart(event)}
        >
          <Icon name="apart" />
        </button>
      )}
    </div>
  );
}

/** One person's camera, or their initial; or the screen that they share. */
export function Tile({ person, slot }: TileProps) {
  const { id, name } = person;
  const track = trackOf(id, slot);
  const isMine = id === myId.value;
  const isSpeaking = slot === "cam" && speaking.value.has(id);
  const isMute = slot === "cam" && !(isMine ? mine.value.mic : comesFrom(id).mic);
  return (
    <li
      class={`tile ${slot} ${isSpeaking ? "speaks" : ""} ${isLarge({ id, slot }) ? "large" : ""}`}
      data-person-id={id}
      data-has-picture={track !== undefined}
    >
      {isMine && slot === "screen" ? <Sharing /> : <Seen person={person} track={track} isMirrored={isMine} />}
      <TileTools person={person} slot={slot} hasPicture={track !== undefined} />
      <p class="caption">
        {isMute && <Icon name="mic-off" />}
        {isMute && <span class="heard-only">{text("page.media.isMute")}</span>}
        <bdi>{isMine ? text("page.you") : name}</bdi>
        {slot === "screen" && <span>{text("page.media.screenOf")}</span>}
      </p>
    </li>
  );
}
