import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  id: string;
  isOpen: boolean;
  /** Escape, or a press beside it. */
  onClose: () => void;
  heading: ComponentChildren;
  explanation?: string;
  children: ComponentChildren;
}

/** The browser's own: it keeps the focus inside, and gives it back where it came from. */
export function Dialog({ id, isOpen, onClose, heading, explanation, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      id={id}
      ref={dialog}
      aria-labelledby={`${id}-heading`}
      aria-describedby={explanation === undefined ? undefined : `${id}-explanation`}
      onClose={onClose}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      {isOpen && (
        <div class="sheet">
          <h2 id={`${id}-heading`}>{heading}</h2>
          {explanation !== undefined && <p id={`${id}-explanation`}>{explanation}</p>}
          {children}
        </div>
      )}
    </dialog>
  );
}
