import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from "graphql";
import type { Context } from "../context.js";

type Result = ExecutionResult<Record<string, unknown>>;

export interface FollowArgs extends ExecutionArgs {
  contextValue: Context;
  variableValues: Readonly<Record<string, unknown>>;
}

interface Shared {
  /** When it was made, in moments of the feed. */
  moment: number | undefined;
  answer: Result | Promise<Result>;
}

/** Each followed event as it comes from its source, answered; likewise not a generator, because one that waits can't be ended. */
class Answers implements AsyncGenerator<Result, void, void> {
  constructor(
    readonly events: AsyncIterator<object, unknown>,
    readonly answer: (event: object) => Result | Promise<Result>,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Result, void>> {
    const { done, value } = await this.events.next();
    return done ? { done, value: undefined } : { done: false, value: await this.answer(value) };
  }

  async return(): Promise<IteratorResult<Result, void>> {
    await this.events.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Result, void>> {
    await this.return();
    throw error;
  }
}

/**
 * What one subscription answers to events. Many follow one license with the same text: an event that was handed to all
 * of them is answered once for those who would be answered the same, as long as nothing of the license changes.
 */
export class SharedAnswers {
  /** Goes with the events, which nobody keeps once they are delivered. */
  readonly #ofEvents = new WeakMap<object, Map<string, Shared>>();

  /** The result's errors are not finished yet. */
  async follow(args: FollowArgs): Promise<AsyncGenerator<Result, void, void> | Result> {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const { contextValue: context, variableValues } = args;
    const who = JSON.stringify([context.audience, variableValues]);
    const { services, caller } = context;
    const answer = (event: object) => {
      const known = this.#ofEvents.get(event) ?? new Map<string, Shared>();
      this.#ofEvents.set(event, known);
      const moment = services.feed.momentOf(caller.license.id);
      const shared = known.get(who);
      if (shared && shared.moment === moment) return shared.answer;
      // Whatever was loaded for the one before: each shows its subject as it is then.
      context.forgetLoaded();
      const made = execute({ ...args, rootValue: event }) as Result | Promise<Result>;
      known.set(who, { moment, answer: made });
      return made;
    };
    return new Answers(source[Symbol.asyncIterator]() as AsyncIterator<object, unknown>, answer);
  }
}
