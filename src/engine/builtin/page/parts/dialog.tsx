import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../texts.js";
import { Icon } from "./icons.js";

interface DialogProps {
  id: string;
  isOpen: boolean;
  /** Escape, or a press beside it. */
  onClose: () => void;
  heading: ComponentChildren;
  explanation?: ComponentChildren;
  children: ComponentChildren;
}

/** The browser's own: it keeps the focus inside, and gives it back where it came from. */
export function Dialog({ id, isOpen, onClose, heading, explanation, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    else if (!isOpen) dialog.current?.close();
  }, [isOpen]);
  // Taken away while it is open, it would give the focus back to nobody.
  useLayoutEffect(() => {
    const { current } = dialog;
    return () => current?.close();
  }, []);
  return (
    <dialog
      id={id}
      ref={dialog}
      aria-labelledby={`${id}-heading`}
      aria-describedby={explanation === undefined ? undefined : `${id}-explanation`}
      onClose={() => isOpen && dialog.current && onClose()}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      {isOpen && (
        <div class="sheet">
          <header>
            <h2 id={`${id}-heading`}>{heading}</h2>
            <button type="button" class="quiet round" aria-label={text("page.close")} onClick={onClose}>
              <Icon name="close" />
            </button>
          </header>
          {explanation !== undefined && <p id={`${id}-explanation`}>{explanation}</p>}
          {children}
        </div>
      )}
    </dialog>
  );
}
