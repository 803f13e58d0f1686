import type { Agenda } from "./agenda.js";
import type { Settings } from "./flavours.js";
import { isOn, type Meeting, numberOf, online, type RoomEvent, type User } from "./meeting.js";
import { digest } from "./signature.js";

const minute = 60_000;
const DAY = 1_440;

/** The rooms, and the time that goes by in them. */
export class Meetings {
  readonly #rooms = new Map<string, Meeting>();
  readonly #expiries = new Map<Meeting, () => void>();
  readonly #listeners: ((event: RoomEvent) => void)[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly agenda: Agenda,
  ) {}

  listen(listener: (event: RoomEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Also one that has ended and is not forgotten yet. */
  get(meetingID: string): Meeting | undefined {
    return this.#rooms.get(meetingID);
  }

  /** As a caller sees it. */
  find(meetingID: string): Meeting | undefined {
    const meeting = this.#rooms.get(meetingID);
    return meeting?.known ? meeting : undefined;
  }

  all(): Meeting[] {
    return [...this.#rooms.values()];
  }

  create(
    wanted: Pick<Meeting, "meetingID" | "name" | "attendeePW" | "moderatorPW" | "parameters" | "metadata">,
  ): Meeting {
    const createTime = this.agenda.now();
    const meeting: Meeting = {
      ...wanted,
      internalMeetingID: `${digest("sha1", wanted.meetingID)}-${createTime}`,
      voiceBridge: String(70_000 + (createTime % 10_000)),
      createTime,
      startTime: createTime,
      endTime: 0,
      hasBeenForciblyEnded: false,
      hasUserJoined: false,
      recordingStarted: false,
      users: [],
      visits: [],
      known: true,
    };
    this.#rooms.set(meeting.meetingID, meeting);
    this.#tell({ id: "meeting-created", meeting });
    this.#expire(meeting, numberOf(meeting, "meetingExpireIfNoUserJoinedInMinutes", 5));
    const duration = numberOf(meeting, "duration", 0);
    if (duration > 0) this.agenda.in(duration * minute, () => this.end(meeting, true));
    if (this.settings.flavour === "scalelite") this.agenda.in(DAY * minute, () => (meeting.known = false));
    return meeting;
  }

  join(meeting: Meeting, who: Pick<User, "internalId" | "externalId" | "name" | "role">): User {
    this.#stopExpiry(meeting);
    const user: User = { ...who, joinedAt: this.agenda.now() };
    meeting.users.push(user);
    meeting.visits.push(user);
    const first = !meeting.hasUserJoined;
    meeting.hasUserJoined = true;
    this.#tell({ id: "user-joined", meeting, user });
    if (first && isOn(meeting, "autoStartRecording")) this.startRecording(meeting);
    return user;
  }

  startRecording(meeting: Meeting): void {
    if (!isOn(meeting, "record") || meeting.recordingStarted) return;
    meeting.recordingStarted = true;
    this.#tell({ id: "meeting-recording-started", meeting });
  }

  leave(meeting: Meeting, user: User): void {
    if (user.leftAt !== undefined) return;
    user.leftAt = this.agenda.now();
    this.#tell({ id: "user-left", meeting, user });
    this.agenda.in(this.settings.times.lag, () => {
      meeting.users = meeting.users.filter((each) => each !== user);
    });
    const wait = numberOf(meeting, "meetingExpireWhenLastUserLeftInMinutes", 1);
    if (online(meeting).length === 0 && wait > 0) this.#expire(meeting, wait);
  }

  end(meeting: Meeting, forcibly: boolean): void {
    if (meeting.endTime > 0 || !this.#isHere(meeting)) return;
    this.#stopExpiry(meeting);
    meeting.endTime = this.agenda.now();
    meeting.hasBeenForciblyEnded = forcibly;
    this.#tell({ id: "meeting-ended", meeting });
    for (const user of online(meeting)) {
      user.leftAt = meeting.endTime;
      // bbb-webhooks 3 makes these up after the end; version 2 leaves them out.
      if (this.settings.hooks !== "2.6") this.#tell({ id: "user-left", meeting, user });
    }
    meeting.users = [];
    this.agenda.in(this.settings.times.forget, () => this.forget(meeting));
  }

  /** It is gone, and nobody is told. */
  forget(meeting: Meeting): void {
    this.#stopExpiry(meeting);
    if (this.#isHere(meeting)) this.#rooms.delete(meeting.meetingID);
  }

  #isHere(meeting: Meeting): boolean {
    return this.#rooms.get(meeting.meetingID) === meeting;
  }

  #expire(meeting: Meeting, afterMinutes: number): void {
    this.#stopExpiry(meeting);
    this.#expiries.set(
      meeting,
      this.agenda.in(afterMinutes * minute, () => this.end(meeting, false)),
    );
  }

  #stopExpiry(meeting: Meeting): void {
    this.#expiries.get(meeting)?.();
    this.#expiries.delete(meeting);
  }

  #tell(event: RoomEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
