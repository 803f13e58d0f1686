import type { Person } from "../line/frames.js";
import { number, text } from "../texts.js";
import { isConnected } from "../walk/state.js";
import { monogram } from "./monogram.js";
import { myId, people } from "./people.js";

function PersonRow({ person }: { person: Person }) {
  return (
    <li data-person-id={person.id} data-role={person.role}>
      <span class="monogram" aria-hidden="true">
        {monogram(person.name)}
      </span>
      <div class="line">
        <span class="name">
          <bdi>{person.name}</bdi>
        </span>{" "}
        <span class="badges">
          {person.id === myId.value && <span class="badge you">{text("page.you")}</span>}{" "}
          <span class="badge">{text(`page.${person.role}`)}</span>
        </span>
      </div>
    </li>
  );
}

export function PeoplePanel() {
  return (
    <>
      <h2 id="who" tabIndex={-1}>
        {text("page.whoIsHere")} <span class="count">{number(people.value.length)}</span>
      </h2>
      <ul id="people" role="list" aria-busy={!isConnected.value}>
        {people.value.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
    </>
  );
}
