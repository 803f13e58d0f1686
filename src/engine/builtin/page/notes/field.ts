// Joins a plain field to the notes: what is typed becomes a change, and what others write leaves the caret where it was.

import { changeBetween, cleaned, endOf, moved, type Step } from "./change.js";
import { wayThroughThePast } from "./past-keys.js";
import type { Notebook } from "./notebook.js";

export class Field {
  #shown: string;
  #isComposing = false;

  constructor(
    readonly area: HTMLTextAreaElement,
    readonly notebook: Notebook,
  ) {
    this.#shown = area.value = notebook.text;
    notebook.listener = (steps, isOwn) => this.#show(steps, isOwn);
  }

  /** A word that is only being composed is no word yet, and others' letters would break it off. */
  composes(isComposing: boolean): void {
    this.#isComposing = isComposing;
    if (isComposing) return this.notebook.hold();
    this.typed();
    this.notebook.release();
  }

  typed(): void {
    if (this.#isComposing) return;
    const { area } = this;
    const caret = area.selectionEnd;
    const text = cleaned(area.value);
    if (text !== area.value) {
      area.value = text;
      area.setSelectionRange(caret, caret);
    }
    const change = changeBetween(this.#shown, text, caret);
    this.#shown = text;
    if (change) this.notebook.change(change);
  }

  /** What the browser itself would take back is the field's, others' letters among it. */
  goesBack(event: KeyboardEvent | InputEvent): void {
    const way = wayThroughThePast(event);
    if (way === undefined) return;
    event.preventDefault();
    if (!this.#isComposing && !this.area.readOnly) this.notebook[way]();
  }

  #show(steps: readonly Step[], isOwn: boolean): void {
    const { area } = this;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = area;
    this.#shown = area.value = this.notebook.text;
    // A field that has not the focus would take it, in some browsers.
    if (isOwn) area.setSelectionRange(endOf(steps), endOf(steps));
    else if (document.activeElement === area) {
      area.setSelectionRange(moved(selectionStart, steps), moved(selectionEnd, steps), selectionDirection);
    }
    area.scrollTop = scrollTop;
  }

  close(): void {
    this.notebook.listener = undefined;
    this.notebook.release();
  }
}
