import { useEffect, useRef, useState } from "preact/hooks";
import { reactions } from "../line/frames.js";
import { Icon } from "../parts/icons.js";
import { text } from "../texts.js";
import { isConnected } from "../walk/state.js";
import { ReactionPicture } from "./reaction-pictures.js";
import { react } from "./reactions.js";

export function ReactionsMenu() {
  const [isOpen, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    whole.current?.querySelector<HTMLElement>(".reactions button")?.focus();
    const closeBeside = ({ target }: Event) => whole.current?.contains(target as Node) || setOpen(false);
    document.addEventListener("pointerdown", closeBeside);
    return () => document.removeEventListener("pointerdown", closeBeside);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <div class="reactions-menu" ref={whole} onKeyDown={({ key }) => key === "Escape" && isOpen && close()}>
      {isOpen && (
        <div class="reactions" id="reactions" role="group" aria-label={text("page.reactions")}>
          {reactions.map((what) => (
            <button
              key={what}
              type="button"
              class="quiet round"
              aria-label={text(`page.reaction.${what}`)}
              title={text(`page.reaction.${what}`)}
              onClick={() => {
                react(what);
                close();
              }}
            >
              <ReactionPicture what={what} />
            </button>
          ))}
        </div>
      )}
      <button
        id="react"
        ref={opener}
        class="tool"
        type="button"
        aria-expanded={isOpen}
        disabled={!isConnected.value}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="smile" />
        <span class="label">{text("page.react")}</span>
      </button>
    </div>
  );
}
