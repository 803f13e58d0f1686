import { ID, InterfaceType, ObjectType, registerEnumType } from "type-graphql";
import { changeTold, type RecordingChange as Change, recordingChanges } from "../../domain/recording/change.js";
import type { Event as EventRow } from "../../storage/index.js";
import { Attendance } from "../attendance/attendance.js";
import { Recording } from "../recording/recording.js";
import { DateTime } from "../scalars.js";
import { Session } from "../session/session.js";
import { Plain } from "../plain.js";

@InterfaceType({ description: "Something that happened. Delivery is at least once; drop repeats by `id`." })
export abstract class Event<Subject = unknown> {
  constructor(
    protected readonly happened: EventRow,
    protected readonly subject: Subject,
  ) {}

  @Plain(() => ID, {
    description: "Unique id; give the last one you saw as `after` to go on where you left off. Not refetchable.",
  })
  get id(): string {
    return this.happened.id;
  }

  @Plain(() => DateTime, { description: "When it happened." })
  get occurredAt(): Date {
    return this.happened.occurredAt;
  }
}

@ObjectType({ implements: Event, description: "A session started." })
export class SessionStartedEvent extends Event<Session> {
  @Plain(() => Session, { description: "The session, as it is now." })
  get session(): Session {
    return this.subject;
  }
}

@ObjectType({ implements: Event, description: "A session ended." })
export class SessionEndedEvent extends Event<Session> {
  @Plain(() => Session, { description: "The session, as it is now." })
  get session(): Session {
    return this.subject;
  }
}

@ObjectType({ implements: Event, description: "What viewers may in a running session was changed." })
export class SessionChangedEvent extends Event<Session> {
  @Plain(() => Session, { description: "The session, as it is now." })
  get session(): Session {
    return this.subject;
  }
}

@ObjectType({ implements: Event, description: "Someone was given another role, or was removed from a session." })
export class AttendanceChangedEvent extends Event<Attendance> {
  @Plain(() => Attendance, { description: "The attendance, as it is now." })
  get attendance(): Attendance {
    return this.subject;
  }
}

@ObjectType({ implements: Event, description: "Someone joined a session." })
export class AttendanceJoinedEvent extends Event<Attendance> {
  @Plain(() => Attendance, { description: "The attendance, as it is now." })
  get attendance(): Attendance {
    return this.subject;
  }
}

@ObjectType({ implements: Event, description: "Someone left a session." })
export class AttendanceLeftEvent extends Event<Attendance> {
  @Plain(() => Attendance, { description: "The attendance, as it is now." })
  get attendance(): Attendance {
    return this.subject;
  }
}

const RecordingChange = Object.fromEntries(Object.keys(recordingChanges).map((name) => [name, name]));
registerEnumType(RecordingChange, {
  name: "RecordingChange",
  description: "What happened to a recording. New values may be added at any time.",
  valuesConfig: Object.fromEntries(
    Object.entries(recordingChanges).map(([name, description]) => [name, { description }]),
  ),
});

@ObjectType({
  implements: Event,
  description: "A recording was produced, failed, was published, hidden or deleted, or more of it is known.",
})
export class RecordingChangedEvent extends Event<Recording> {
  @Plain(() => RecordingChange, { description: "What happened to it." })
  get change(): Change {
    return changeTold(this.happened.facts);
  }

  @Plain(() => Recording, { description: "The recording, as it is now; a deleted one as it was, and not published." })
  get recording(): Recording {
    return this.subject;
  }
}
