import { ReactionPicture } from "./reaction-pictures.js";
import { shownReactions } from "./reactions.js";

/** Over whatever panel is open; heard as an announcement. */
export function ReactionsShown() {
  return (
    <div class="reactions-shown" aria-hidden="true">
      {shownReactions.value.map(({ key, person, what }) => (
        <span key={key} class="reaction">
          <ReactionPicture what={what} />
          <bdi>{person.name}</bdi>
        </span>
      ))}
    </div>
  );
}
