import { Icon } from "../parts/icons.js";
import { text } from "../texts.js";
import { isLayoutLocked, isSpeakerLarge, large, showSpeakerLarge, tiles } from "./layout.js";
import { Tile } from "./tile.js";

function Layout() {
  if (isLayoutLocked.value) return <span class="note">{text("page.media.layoutLocked")}</span>;
  return (
    <button
      id="speaker-large"
      type="button"
      class={isSpeakerLarge.value ? "quiet is-sent" : "quiet"}
      aria-pressed={isSpeakerLarge.value}
      onClick={() => showSpeakerLarge(!isSpeakerLarge.value)}
    >
      <Icon name="speaker" />
      {text("page.media.speakerLarge")}
    </button>
  );
}

/** Everyone who takes part, as large as there is room; one before all, where one is chosen. */
export function Stage() {
  return (
    <section id="stage" class={`panel stage ${large.value ? "has-large" : ""}`} aria-labelledby="stage-heading">
      <header>
        <h2 id="stage-heading" tabIndex={-1}>
          {text("page.stage")}
        </h2>
        <Layout />
      </header>
      <ul class="tiles" role="list">
        {tiles.value.map(({ person, slot }) => (
          <Tile key={`${slot} ${person.id}`} person={person} slot={slot} />
        ))}
      </ul>
    </section>
  );
}
