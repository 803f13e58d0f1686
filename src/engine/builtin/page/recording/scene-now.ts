// The room as it is filmed: what the stage shows just now, and who is heard.

import { comesFrom, onAir } from "../media/on-air.js";
import { large, tiles } from "../media/layout.js";
import { speaking } from "../media/levels.js";
import { received } from "../media/mesh.js";
import { mine } from "../media/mine.js";
import { myTracks } from "../media/my-tracks.js";
import { trackOf } from "../media/tile.js";
import { pageData } from "../page-data.js";
import { hueOf, monogramOf } from "../parts/avatar.js";
import { strokes } from "../parts/icons.js";
import { myId } from "../people/people.js";
import { direction, text } from "../texts.js";
import type { Scene } from "./film/scene.js";

const isHeard = (id: string): boolean => (id === myId.value ? mine.value.mic : comesFrom(id).mic);

/** One's own picture too is as the others see it: under the name, and not mirrored. */
export const sceneNow = (): Scene => ({
  title: pageData.title || text("page.untitled"),
  direction,
  screenOf: text("page.media.screenOf"),
  muteStrokes: strokes["mic-off"],
  tiles: tiles.value.map(({ person: { id, name }, slot }) => ({
    name,
    monogram: monogramOf(name),
    hue: hueOf(id),
    track: trackOf(id, slot),
    isScreen: slot === "screen",
    isLarge: large.value?.id === id && large.value.slot === slot,
    isSpeaking: slot === "cam" && speaking.value.has(id),
    isMute: slot === "cam" && !isHeard(id),
  })),
});

export const voicesNow = (): MediaStreamTrack[] =>
  [...onAir.value.keys()].flatMap((id) => {
    const tracks = id === myId.value ? myTracks.value : received.value.get(id);
    return isHeard(id) && tracks?.mic ? [tracks.mic] : [];
  });
