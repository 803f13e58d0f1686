/** The database can't take a write (or answer a read) now; nothing of the refused work was stored. */
export class StorageUnavailable extends Error {
  override readonly name: string = "StorageUnavailable";
}

/**
 * It took longer than there is time for: as a rule what was asked looks at too many rows, and asked more narrowly it is
 * answered. Where nothing can be asked more narrowly, the database is too busy.
 */
export class QueryTooSlow extends StorageUnavailable {
  override readonly name = "QueryTooSlow";
}

/** Another server has the database to itself. */
export class DatabaseInUse extends Error {
  override readonly name = "DatabaseInUse";
}

/** The database was written by a newer program than this one. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";
}

/** The database lacks migrations of this program, or what a copy has still to bring: the operator has to run the tool. */
export class DatabaseNotMigrated extends Error {
  override readonly name = "DatabaseNotMigrated";
}

/** Where this data folder had a database, there is none. */
export class DatabaseGone extends Error {
  override readonly name = "DatabaseGone";
}

export type BackupFault = "TARGET_EXISTS" | "NO_FOLDER" | "NO_DATABASE" | "GIVEN_UP" | "UNSOUND";

/** No backup was made, and nothing of one was left behind. */
export class BackupFailed extends Error {
  override readonly name = "BackupFailed";

  constructor(readonly fault: BackupFault) {
    super(`no backup was made: ${fault}`);
  }
}

export type CopyFault =
  | "NO_SOURCE"
  | "OLDER_SOURCE"
  | "NEWER_SOURCE"
  | "TARGET_BUSY"
  | "TARGET_NOT_EMPTY"
  | "UNSTORABLE"
  | "UNSOUND";

/** A database was not copied, or not to its end. */
export class CopyFailed extends Error {
  override readonly name = "CopyFailed";

  /** @param table where it failed, if in one */
  constructor(
    readonly fault: CopyFault,
    readonly table?: string,
    options?: ErrorOptions,
  ) {
    super(`the copy was not made: ${fault}`, options);
  }
}
