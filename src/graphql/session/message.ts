import { ObjectType } from "type-graphql";
import type { Message as MessageRow } from "../../storage/index.js";
import { Node } from "../node.js";
import type { Reads } from "../paging/asked.js";
import { Plain } from "../plain.js";
import { DateTime } from "../scalars.js";

@ObjectType({
  implements: Node,
  description: "Something that was written to everyone in a session. Private messages are kept nowhere.",
})
export class Message extends Node<MessageRow> {
  static readonly reads: Reads<MessageRow> = { author: ["attendanceId"] };

  @Plain(() => String, { description: "The text, as it was written: links are text, too." })
  get body(): string {
    return this.row.body;
  }

  @Plain(() => DateTime, { description: "When it was written." })
  get sentAt(): Date {
    return this.row.sentAt;
  }
}
