// All that writes in the notes, and the library it needs: larger than the rest of the page, so it comes with the panel.

export { Field } from "./field.js";
export { Notebook } from "./notebook.js";
