import { people } from "../people/people.js";
import { text } from "../texts.js";
import { comesFrom, onAir } from "./on-air.js";
import { Tile } from "./tile.js";

/** Everyone who takes part, as large as there is room; a shared screen before all. */
export function Stage() {
  const shown = people.value.filter(({ id }) => onAir.value.has(id));
  const sharing = shown.filter(({ id }) => comesFrom(id).screen);
  return (
    <section id="stage" class={`panel stage ${sharing.length > 0 ? "has-screen" : ""}`} aria-labelledby="stage-heading">
      <h2 id="stage-heading" tabIndex={-1}>
        {text("page.stage")}
      </h2>
      <ul class="tiles" role="list" data-count={shown.length}>
        {sharing.map((person) => (
          <Tile key={`screen ${person.id}`} person={person} slot="screen" />
        ))}
        {shown.map((person) => (
          <Tile key={person.id} person={person} slot="cam" />
        ))}
      </ul>
    </section>
  );
}
