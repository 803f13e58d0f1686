import { useLayoutEffect, useRef } from "preact/hooks";
import { Avatar } from "../parts/avatar.js";
import { Icon } from "../parts/icons.js";
import type { Person, Reaction } from "../line/frames.js";
import { speaking } from "../media/levels.js";
import { comesFrom } from "../media/on-air.js";
import { dialog } from "../inside/dialogs.js";
import { number, text } from "../texts.js";
import { isConnected } from "../walk/state.js";
import { hands, myId, people } from "./people.js";
import { ReactionPicture } from "./reaction-pictures.js";
import { shownReactions } from "./reactions.js";

interface RowProps {
  person: Person;
  isMe: boolean;
  /** Its place among the raised hands; 0 where it is down. */
  hand: number;
  reaction: Reaction | undefined;
  /** Of the microphone. */
  voice: "none" | "on" | "speaks";
}

export function Badges({ person, isMe }: Pick<RowProps, "person" | "isMe">) {
  return (
    <span class="badges">
      {isMe && <span class="badge you">{text("page.you")}</span>}{" "}
      <span class="badge role">{text(`page.${person.role}`)}</span>
    </span>
  );
}

function Hand({ place }: { place: number }) {
  return (
    <span class="hand">
      <Icon name="hand" />
      <span aria-hidden="true">{number(place)}</span>
      <span class="heard-only">{text("page.handUp", { place })}</span>
    </span>
  );
}

function Voice({ voice }: Pick<RowProps, "voice">) {
  if (voice === "none") return null;
  return (
    <span class={`voice ${voice}`}>
      <Icon name="mic" />
      <span class="heard-only">{text("page.media.micOn")}</span>
    </span>
  );
}

function Row({ person, isMe, hand, reaction, voice }: RowProps) {
  const { id, name, role } = person;
  return (
    <li data-person-id={id} data-role={role} class={hand > 0 ? "person has-hand" : "person"}>
      <span class="portrait">
        <Avatar person={person} />
        {reaction && <ReactionPicture what={reaction} />}
      </span>
      <span class="line">
        <span class="name" title={name}>
          <bdi>{name}</bdi>
        </span>{" "}
        <span class="below">
          {hand > 0 && <Hand place={hand} />}
          <Badges person={person} isMe={isMe} />
        </span>
      </span>
      <Voice voice={voice} />
      <button
        type="button"
        class="quiet round"
        aria-haspopup="dialog"
        aria-label={text("page.person.options", { name })}
        onClick={() => (dialog.value = { what: "person", id })}
      >
        <Icon name="more" />
      </button>
    </li>
  );
}

/** Rows as they were drawn last: one that is still the same is left alone, which counts with nine hundred. */
const drawn = new WeakMap<Person, RowProps & { row: preact.JSX.Element }>();

function rowOf(props: RowProps): preact.JSX.Element {
  const { person, isMe, hand, reaction, voice } = props;
  const last = drawn.get(person);
  if (last && last.isMe === isMe && last.hand === hand && last.reaction === reaction && last.voice === voice)
    return last.row;
  const row = <Row key={person.id} {...props} />;
  drawn.set(person, { ...props, row });
  return row;
}

/** Everyone, however many. */
export function PeoplePanel() {
  const placeOf = new Map(hands.value.map((id, at) => [id, at + 1]));
  const reactionOf = new Map(shownReactions.value.map(({ person, what }) => [person.id, what]));
  const list = useRef<HTMLUListElement>(null);
  const hadFocus = list.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    // With someone who left goes the button that had it.
    if (hadFocus && !list.current?.contains(document.activeElement)) list.current?.focus({ preventScroll: true });
  });
  return (
    <section class="panel people" aria-labelledby="who">
      <h2 id="who" tabIndex={-1}>
        {text("page.whoIsHere")} <span class="count">{number(people.value.length)}</span>
      </h2>
      <ul id="people" ref={list} role="list" aria-busy={!isConnected.value} tabIndex={0} aria-labelledby="who">
        {people.value.map((person) =>
          rowOf({
            person,
            isMe: person.id === myId.value,
            hand: placeOf.get(person.id) ?? 0,
            reaction: reactionOf.get(person.id),
            voice: speaking.value.has(person.id) ? "speaks" : comesFrom(person.id).mic ? "on" : "none",
          }),
        )}
      </ul>
    </section>
  );
}
