import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { deleteRecording, deleteRecordingRefusals } from "../../domain/recording/delete-recording.js";
import { updateRecording, updateRecordingRefusals } from "../../domain/recording/update-recording.js";
import { answer } from "../answer.js";
import type { Context } from "../context.js";
import { Plain } from "../plain.js";
import { Recording } from "./recording.js";
import { resultOf } from "../result.js";
import { Needs } from "../run/scopes.js";
import { Success } from "../success.js";
import { inputOf } from "../texts.js";

@InputType({ description: "Input of `Mutation.updateRecording`." })
export class UpdateRecordingInput {
  @Field(() => Boolean, { description: "Publish (true) or hide (false)." })
  isPublished!: boolean;

  @Field(() => ID, { description: "Recording to change; its id, a UUID." })
  recordingId!: string;
}

@InputType({ description: "Input of `Mutation.deleteRecording`." })
export class DeleteRecordingInput {
  @Field(() => ID, { description: "Recording to delete; its id, a UUID." })
  recordingId!: string;
}

@ObjectType({ description: "The recording was changed, or was so already." })
export class UpdateRecordingSuccess extends Success<{ recording: Recording }> {
  @Plain(() => Recording, { description: "The recording after the change." })
  get recording(): Recording {
    return this.values.recording;
  }
}

@ObjectType({ description: "The recording is gone, here and at its engine." })
export class DeleteRecordingSuccess extends Success<{ deletedRecordingId: string }> {
  @Plain(() => ID, { description: "Id of the deleted recording, to evict it from client caches." })
  get deletedRecordingId(): string {
    return this.values.deletedRecordingId;
  }
}

const UpdateRecordingResult = resultOf("updateRecording", UpdateRecordingSuccess, updateRecordingRefusals);
const DeleteRecordingResult = resultOf("deleteRecording", DeleteRecordingSuccess, deleteRecordingRefusals);

@Resolver()
export class RecordingMutations {
  @Needs("RECORDINGS_WRITE")
  @Mutation(() => UpdateRecordingResult, {
    nullable: true,
    description: "Publish or hide a recording. Said again it changes nothing.",
  })
  updateRecording(
    @Arg("input", () => UpdateRecordingInput, inputOf) input: UpdateRecordingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const recording = new Recording(await updateRecording(context.services, context.caller, input));
      return new UpdateRecordingSuccess({ recording });
    });
  }

  @Needs("RECORDINGS_WRITE")
  @Mutation(() => DeleteRecordingResult, {
    nullable: true,
    description: "Delete a recording for good, at its engine too. Said again it is answered the same.",
  })
  deleteRecording(
    @Arg("input", () => DeleteRecordingInput, inputOf) input: DeleteRecordingInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      const deletedRecordingId = await deleteRecording(context.services, context.caller, input.recordingId);
      return new DeleteRecordingSuccess({ deletedRecordingId });
    });
  }
}
