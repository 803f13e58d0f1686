import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ChatMessage } from "../line/frames.js";
import { Avatar } from "../parts/avatar.js";
import { Icon } from "../parts/icons.js";
import { Linked } from "../parts/linked.js";
import { myId } from "../people/people.js";
import { text, textAround, timeOf } from "../texts.js";
import { conversation, everyoneReads, partners, shownMessages } from "./chat.js";
import { discard, type Outgoing, outbox, tryAgain } from "./outbox.js";

/** So far from the end one still reads along. */
const nearPx = 80;
const sameBreathMs = 5 * 60_000;

const follows = (message: ChatMessage, before: ChatMessage | undefined): boolean =>
  before?.from.id === message.from.id && Date.parse(message.at) - Date.parse(before.at) < sameBreathMs;

function Message({ message, isFollowing }: { message: ChatMessage; isFollowing: boolean }) {
  const { from, body, at } = message;
  const isMine = from.id === myId.value;
  return (
    <li class={`message ${isMine ? "mine" : ""} ${isFollowing ? "follows" : ""}`} data-message-id={message.id}>
      {!isMine && !isFollowing && <Avatar person={from} />}
      <div class="said">
        <p class={isFollowing || isMine ? "by heard-only" : "by"}>
          <bdi>{isMine ? text("page.you") : from.name}</bdi>
        </p>
        <p class="body" dir="auto">
          <Linked text={body} />
        </p>
        <time dateTime={at}>{timeOf(at)}</time>
      </div>
    </li>
  );
}

function Unsent({ outgoing }: { outgoing: Outgoing }) {
  const { ref, body, refusal } = outgoing;
  return (
    <li class="message mine unsent">
      <div class="said">
        <p class="by heard-only">{text("page.you")}</p>
        <p class="body" dir="auto">
          {body}
        </p>
        {refusal === undefined ? (
          <p class="state">{text("page.chat.sending")}</p>
        ) : (
          <p class="state problem">
            {refusal}
            <button type="button" class="quiet" onClick={() => tryAgain(outgoing)}>
              {text("page.chat.again")}
            </button>
            <button type="button" class="quiet" onClick={() => discard(ref)}>
              {text("page.chat.discard")}
            </button>
          </p>
        )}
      </div>
    </li>
  );
}

function Empty() {
  const name = partners.value.get(conversation.value);
  if (conversation.value === everyoneReads || name === undefined) {
    return <p class="empty">{text("page.chat.empty")}</p>;
  }
  const [before, after] = textAround("page.chat.emptyPrivate");
  return (
    <p class="empty">
      {before}
      <bdi>{name}</bdi>
      {after}
    </p>
  );
}

/** Follows the talk as long as one is at its end; who reads back is left there, and told that there is more. */
export function MessageList() {
  const messages = shownMessages.value;
  const unsent = outbox.value.filter(({ to }) => to === conversation.value);
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasMore, setMore] = useState(false);
  const toEnd = () => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    setMore(false);
  };
  useLayoutEffect(() => {
    if (isAtEnd.current || unsent.length > 0) toEnd();
    else setMore(true);
  }, [messages.length, unsent.length]);
  const look = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: { currentTarget: HTMLElement }) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx;
    if (isAtEnd.current) setMore(false);
  };
  return (
    <div class="messages-frame">
      {/* What is new in it is announced elsewhere, gathered. */}
      <div
        class="messages"
        ref={list}
        onScroll={look}
        role="log"
        aria-live="off"
        aria-labelledby="chat-heading"
        tabIndex={0}
      >
        {messages.length + unsent.length === 0 && <Empty />}
        <ol role="list">
          {messages.map((message, at) => (
            <Message key={message.id} message={message} isFollowing={follows(message, messages[at - 1])} />
          ))}
          {unsent.map((outgoing) => (
            <Unsent key={outgoing.ref} outgoing={outgoing} />
          ))}
        </ol>
      </div>
      {hasMore && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" />
          {text("page.chat.newer")}
        </button>
      )}
    </div>
  );
}
