import { Float, Int, ObjectType } from "type-graphql";
import type { StoredFormat } from "../../storage/index.js";
import type { Context } from "../context.js";
import { Plain } from "../plain.js";
import { WebURL } from "../scalars.js";
import { isShown, shownUrl, type ShownRow } from "./shown-url.js";

@ObjectType({ description: "One way to play a recording." })
export class RecordingFormat {
  constructor(
    private readonly row: ShownRow,
    private readonly stored: StoredFormat,
  ) {}

  @Plain(() => String, {
    description:
      "What it is, in the words of the engine: `presentation`, `video`, `podcast`, `screenshare`, `notes` and others.",
  })
  get type(): string {
    return this.stored.type;
  }

  @Plain(() => WebURL, {
    nullable: true,
    description: "Where it is played; null unless the recording is ready and published.",
  })
  url(_arguments: object, context: Context): string | null | Promise<string | null> {
    const { type, url } = this.stored;
    return shownUrl(this.row, context, url, (now) => now.formats?.find((format) => format.type === type)?.url);
  }

  @Plain(() => Int, { nullable: true, description: "Length in seconds; null where it is not known." })
  get durationSeconds(): number | null {
    return this.stored.durationSeconds;
  }

  @Plain(() => Float, { nullable: true, description: "Size in bytes, a whole number; null where it is not known." })
  get sizeBytes(): number | null {
    return this.stored.sizeBytes;
  }

  @Plain(() => [WebURL], {
    description:
      "Small pictures of what it shows, where it has some; none unless the recording is ready and published.",
  })
  get thumbnailUrls(): string[] {
    return isShown(this.row) ? this.stored.thumbnails : [];
  }
}
