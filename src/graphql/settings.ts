import { Field, InputType, ObjectType, registerEnumType } from "type-graphql";
import { isOn, type LocksPatch, type SettingName as Name, settingConstant, settingList } from "../domain/settings.js";
import type { SettingsPatch } from "../domain/meeting/update-meeting.js";
import type { Context } from "./context.js";
import { Plain } from "./plain.js";

// Type, inputs and enum are made by one loop over the list: a new switch is one entry there and nothing here.

export const SettingName = Object.fromEntries(settingList.map(({ name }) => [settingConstant(name), name]));
registerEnumType(SettingName, {
  name: "SettingName",
  description: "The switches of a meeting. Lower-cased, a value is the v1 REST setting name.",
  valuesConfig: Object.fromEntries(
    settingList.map(({ name, meaning }) => [settingConstant(name), { description: meaning }]),
  ),
});

@ObjectType({ description: "One switch." })
export class Setting {
  constructor(
    private readonly setting: Name,
    private readonly on: boolean,
  ) {}

  @Plain(() => SettingName, { description: "Which switch." })
  get name(): Name {
    return this.setting;
  }

  @Plain(() => Boolean, { description: "Whether it is on." })
  get value(): boolean {
    return this.on;
  }

  @Plain(() => String, { description: "Name of the switch in the negotiated language, for settings screens." })
  label(_arguments: object, { say }: Context): string {
    return say(`setting.${this.setting}`);
  }
}

@ObjectType({ description: "All switches, as typed fields and as a list." })
export class MeetingSettings {
  constructor(readonly stored: Readonly<Record<string, boolean>>) {}

  @Plain(() => [Setting], {
    description: "The same switches as name and value pairs, in a stable order. For settings screens.",
  })
  get entries(): Setting[] {
    return settingList.map(({ name }) => new Setting(name, isOn(this.stored, name)));
  }
}

@InputType({ description: "All switches; every one must be given, or it is an `InvalidInputError`." })
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the loop below makes the fields
export class MeetingSettingsInput {}
export interface MeetingSettingsInput extends SettingsPatch {}

@InputType({
  description: "Switches to change; the ones left out keep their value. Explicit null is an `InvalidInputError`.",
})
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the loop below makes the fields
export class MeetingSettingsPatch {}
export interface MeetingSettingsPatch extends SettingsPatch {}

@InputType({
  description: "Locks to change; the ones left out keep their value. Explicit null is an `InvalidInputError`.",
})
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the loop below makes the fields
export class SessionLocksPatch {}
export interface SessionLocksPatch extends LocksPatch {}

for (const { name, meaning, inV1, isLock } of settingList) {
  // Nullable, so that a missing one is told with every other fault of the input (the use-case says so).
  // v1 promised its ten: one that came later must not be missing from what v1 sends.
  const later = { nullable: true, ...((inV1 as boolean) ? {} : { defaultValue: false }) };
  const seeAlso = `See \`MeetingSettings.${name}\`: ${meaning}`;
  Plain(() => Boolean, { description: meaning })(MeetingSettings.prototype, name);
  Object.defineProperty(MeetingSettings.prototype, name, {
    get(this: MeetingSettings) {
      return isOn(this.stored, name);
    },
  });
  Field(() => Boolean, { description: seeAlso, ...later })(MeetingSettingsInput.prototype, name);
  Field(() => Boolean, { description: seeAlso, nullable: true })(MeetingSettingsPatch.prototype, name);
  if (isLock) Field(() => Boolean, { description: seeAlso, nullable: true })(SessionLocksPatch.prototype, name);
}
