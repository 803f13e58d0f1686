import type { EngineSetting } from "../engine.js";
import type { Room } from "./room.js";
import type { Rooms } from "./rooms.js";
import type { Seat } from "./seat.js";

/** Who says something, and where. */
export interface Speaker {
  seat: Seat;
  room: Room;
  rooms: Rooms;
  setting: EngineSetting;
}
