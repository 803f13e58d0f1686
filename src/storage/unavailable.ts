/** The database can't take a write (or answer a read) now; nothing of the refused work was stored. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}

/** Another server has the database to itself. */
export class DatabaseInUse extends Error {
  override readonly name = "DatabaseInUse";
}

/** The database was written by a newer program than this one. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";
}

/** Where this data folder had a database, there is none. */
export class DatabaseGone extends Error {
  override readonly name = "DatabaseGone";
}
