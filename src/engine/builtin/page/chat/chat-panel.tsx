import { useEffect } from "preact/hooks";
import { isPageSeen } from "../inside/panels.js";
import { Unread } from "../inside/tabs.js";
import { text } from "../texts.js";
import {
  type Conversation,
  conversation,
  everyoneReads,
  markRead,
  openConversation,
  partners,
  unread,
} from "./chat.js";
import { Composer } from "./composer.js";
import { MessageList } from "./message-list.js";

function Chip({ of, name }: { of: Conversation; name?: string }) {
  return (
    <button
      type="button"
      class="chip"
      data-with={of}
      aria-current={conversation.value === of ? "true" : undefined}
      onClick={() => openConversation(of)}
    >
      {name === undefined ? text("page.chat.everyone") : <bdi>{name}</bdi>}
      <Unread count={unread.value.get(of) ?? 0} />
    </button>
  );
}

/** One alone is no choice. */
function Conversations() {
  if (partners.value.size === 0) return null;
  return (
    <nav class="chips" aria-label={text("page.chat.conversations")}>
      <Chip of={everyoneReads} />
      {[...partners.value].map(([id, name]) => (
        <Chip key={id} of={id} name={name} />
      ))}
    </nav>
  );
}

export function ChatPanel() {
  const isSeen = isPageSeen.value;
  const count = unread.value.get(conversation.value) ?? 0;
  useEffect(() => {
    if (isSeen) markRead(conversation.value);
  }, [isSeen, count, conversation.value]);
  return (
    <section id="chat" class="panel chat" aria-labelledby="chat-heading">
      <h2 id="chat-heading" tabIndex={-1}>
        {text("page.chat")}
      </h2>
      <Conversations />
      <MessageList key={conversation.value} />
      <Composer key={`to ${conversation.value}`} />
    </section>
  );
}
