import { type Answer, failed, noted, type Parameters, succeeded } from "../answer.js";
import { type Recording, recordingStates } from "../recordings.js";
import type { World } from "../world.js";
import type { Element } from "../xml.js";

const listOf = (text: string | undefined): string[] => (text ?? "").split(",").filter((each) => each !== "");

function playbackOf(recording: Recording, { playback, origin }: World): Element {
  const formats = recording.formats.map(({ type, length }): Element => {
    const thumb = `${origin()}/presentation/${recording.recordID}/thumbnails/thumb-1.png`;
    return [
      "format",
      [
        ["type", type],
        ["url", playback.url(recording, type)],
        ["processingTime", 7_177],
        ["length", length],
        ["preview", [["images", [["image", thumb]]]]],
      ],
    ];
  });
  const isReady = recording.state === "published" || recording.state === "unpublished";
  return ["playback", isReady ? formats : []];
}

const told = (recording: Recording, world: World): Element => [
  "recording",
  [
    ["recordID", recording.recordID],
    ["meetingID", recording.meetingID],
    ["internalMeetingID", recording.recordID],
    ["name", recording.name],
    ["isBreakout", false],
    ["published", recording.state === "published"],
    ["state", recording.state],
    ["startTime", recording.startTime],
    ["endTime", recording.endTime],
    ["participants", recording.participants],
    ["rawSize", recording.size * 3],
    ["size", recording.size],
    ["metadata", Object.entries(recording.metadata)],
    playbackOf(recording, world),
    ...(world.settings.protectedRecordings ? [["protected", true] as const] : []),
  ],
];

/** Scalelite knows no states before a recording is published, and PlugNmeet no others at all. */
function statesOf({ state = "" }: Parameters, { settings }: World): readonly string[] {
  const ready = ["published", "unpublished"];
  if (settings.flavour === "plugnmeet") return ["published"];
  if (state === "") return ready;
  const wanted = listOf(state);
  const all = wanted.includes("any") ? recordingStates : recordingStates.filter((each) => wanted.includes(each));
  return settings.flavour === "scalelite" ? all.filter((each) => ready.includes(each)) : all;
}

function hasMetadata({ metadata }: Recording, given: Parameters, { settings }: World): boolean {
  const filters = Object.entries(given).filter(([name]) => name.startsWith("meta_"));
  const meets = ([name, value]: [string, string]) => metadata[name.slice("meta_".length).toLowerCase()] === value;
  return filters.length === 0 || (settings.flavour === "scalelite" ? filters.some(meets) : filters.every(meets));
}

/** `meetingID` is ignored where a `recordID` is given; each of those may be the beginning of one. */
function found(given: Parameters, world: World): Recording[] {
  const [records, rooms, states] = [listOf(given["recordID"]), listOf(given["meetingID"]), statesOf(given, world)];
  const isMeant = ({ recordID, meetingID }: Recording) => {
    if (records.length > 0) return records.some((each) => recordID.startsWith(each));
    return rooms.length === 0 || rooms.includes(meetingID);
  };
  const all = world.recordings
    .all()
    .filter((each) => isMeant(each) && states.includes(each.state) && hasMetadata(each, given, world));
  return world.settings.flavour === "scalelite" ? all.toSorted((a, b) => b.startTime - a.startTime) : all;
}

function pageOf(all: Recording[], given: Parameters, flavour: string): { shown: Recording[]; extra: Element[] } {
  if (flavour === "bbb-2.3" || flavour === "scalelite") return { shown: all, extra: [] };
  const offset = Number(given["offset"] || 0);
  const limit = Number(given["limit"] || (flavour === "plugnmeet" ? 50 : all.length));
  const shown = all.slice(offset, offset + limit);
  if (flavour !== "plugnmeet") return { shown, extra: [] };
  const pageable: Element[] = [
    ["offset", offset],
    ["limit", limit],
    ["paged", true],
    ["unpaged", false],
  ];
  const pagination: Element[] = [
    ["pageable", pageable],
    ["totalElements", all.length],
    ["empty", shown.length === 0],
  ];
  return { shown, extra: [["pagination", pagination]] };
}

export function getRecordings(given: Parameters, world: World): Answer {
  const { flavour, listsAllRecordings } = world.settings;
  if (!listsAllRecordings && !given["meetingID"] && !given["recordID"]) return failed("missingParameters");
  const { offset = "0", limit = "1" } = given;
  if (flavour === "bbb" && !(/^\d+$/.test(offset) && /^(?:[1-9]\d?|100)$/.test(limit)))
    return failed("validationError");
  const { shown, extra } = pageOf(found(given, world), given, flavour);
  if (shown.length === 0) {
    return succeeded(["recordings", []], ...noted("noRecordings", "There are no recordings for the meeting(s)."));
  }
  return succeeded(["recordings", shown.map((recording) => told(recording, world))], ...extra);
}

/** The recordings that a changing call names in full; FAILED where it names none that is there. */
function named(given: Parameters, { recordings }: World): Recording[] | Answer {
  const ids = listOf(given["recordID"]);
  if (ids.length === 0) return failed("missingParamRecordID", "You must specify one or more a record IDs.");
  const there = recordings.all().filter(({ recordID, state }) => ids.includes(recordID) && state !== "deleted");
  return there.length > 0 ? there : failed("notFound", "We could not find recordings");
}

export function publishRecordings(given: Parameters, world: World): Answer {
  const { publish } = given;
  if (!publish) return failed("missingParamPublish");
  const wanted = named(given, world);
  if (!Array.isArray(wanted)) return wanted;
  for (const recording of wanted) world.recordings.publish(recording, publish === "true");
  return succeeded(["published", publish === "true"]);
}

export function updateRecordings(given: Parameters, world: World): Answer {
  const wanted = named(given, world);
  if (!Array.isArray(wanted)) return wanted;
  for (const [name, value] of Object.entries(given)) {
    if (!name.startsWith("meta_")) continue;
    for (const { metadata } of wanted) metadata[name.slice("meta_".length).toLowerCase()] = value;
  }
  return succeeded(["updated", true]);
}

export function deleteRecordings(given: Parameters, world: World): Answer {
  const wanted = named(given, world);
  if (!Array.isArray(wanted)) return wanted;
  for (const recording of wanted) world.recordings.remove(recording);
  return succeeded(["deleted", true]);
}
