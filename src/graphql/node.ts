import { ID, InterfaceType } from "type-graphql";
import { Plain } from "./plain.js";

/** Wraps a stored row: a column is shown only where a type has a field for it. */
@InterfaceType({ description: "An object with a globally unique id, which can be refetched with `Query.node`." })
export abstract class Node<Row extends { id: string } = { id: string }> {
  constructor(readonly row: Row) {}

  @Plain(() => ID, {
    description: "Globally unique id. It is the plain UUID the v1 REST API uses (for example as `meeting_id`).",
  })
  get id(): string {
    return this.row.id;
  }
}
