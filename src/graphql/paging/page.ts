import { ObjectType } from "type-graphql";
import { Plain } from "../plain.js";

/** What a page is made of. What lies outside costs a query where the page itself does not tell. */
export interface PageSource<Row, Node> {
  node(row: Row): Node;
  cursor(row: Row): string;
  hasNext(): boolean | Promise<boolean>;
  hasPrevious(): boolean | Promise<boolean>;
  count(): Promise<number>;
}

@ObjectType({ description: "Cursor window of a connection (Relay Cursor Connections specification)." })
export class PageInfo<Row = unknown> {
  constructor(
    private readonly rows: readonly Row[],
    private readonly source: PageSource<Row, unknown>,
  ) {}

  @Plain(() => String, {
    nullable: true,
    description: "Cursor of the first edge; pass it as `before` to go backwards.",
  })
  get startCursor(): string | null {
    return this.cursorOf(this.rows[0]);
  }

  @Plain(() => String, { nullable: true, description: "Cursor of the last edge; pass it as `after` to go forwards." })
  get endCursor(): string | null {
    return this.cursorOf(this.rows.at(-1));
  }

  @Plain(() => Boolean, { description: "Whether more edges exist after this page." })
  hasNextPage(): boolean | Promise<boolean> {
    return this.source.hasNext();
  }

  @Plain(() => Boolean, { description: "Whether more edges exist before this page." })
  hasPreviousPage(): boolean | Promise<boolean> {
    return this.source.hasPrevious();
  }

  private cursorOf(row: Row | undefined): string | null {
    return row === undefined ? null : this.source.cursor(row);
  }
}

class Edge<Row, Node> {
  constructor(
    private readonly row: Row,
    private readonly source: PageSource<Row, Node>,
  ) {}

  get cursor(): string {
    return this.source.cursor(this.row);
  }

  get node(): Node {
    return this.source.node(this.row);
  }
}

/** One page of some type: of all that it can tell, only what is asked for is made. */
export class Page<Node, Row = unknown> {
  constructor(
    private readonly rows: readonly Row[],
    private readonly source: PageSource<Row, Node>,
  ) {}

  get nodes(): Node[] {
    return this.rows.map((row) => this.source.node(row));
  }

  get edges(): Edge<Row, Node>[] {
    return this.rows.map((row) => new Edge(row, this.source));
  }

  get pageInfo(): PageInfo<Row> {
    return new PageInfo(this.rows, this.source);
  }

  totalCount(): Promise<number> {
    return this.source.count();
  }
}
