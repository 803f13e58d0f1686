/** The rows of the shared notes. */
export const notesRows: Record<string, [of: string, unit?: number]> = {
  "One writing in the notes": ["fields.ts LONGEST_UPDATE"],
  "Pieces of one": ["document.ts MOST_PIECES"],
  "Pieces of a room's notes, deleted ones among them": ["document.ts MOST_DOCUMENT_PIECES"],
  "Pieces of one, times those that the notes have": ["document.ts MOST_COMPARISONS"],
  "Ranges that one deletes": ["document.ts MOST_DELETED_RANGES"],
  "The notes of one room, what was deleted counted by its length": ["document.ts MOST_DOCUMENT_BYTES"],
  "What is written in the notes is stored within": ["timings.keepNotes"],
  "Writings of one person in the notes in that time": ["frame-table.ts MOST_WRITINGS"],
  "After their readers were told something, notes gather for": ["notes.ts GATHER_MS"],
  "That somebody writes in the notes is told to all every": ["notes.ts TELL_ALL_MS"],
  "Notes that everybody left and that could not be stored are looked at every": ["all-notes.ts LOOK_AGAIN_MS"],
};
