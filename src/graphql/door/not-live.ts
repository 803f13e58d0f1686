import type { GraphQLError } from "graphql";
import type { Context } from "../context.js";
import { fault } from "../run/codes.js";

/** One request has one answer: where the live doors are, instead. */
export const notLive = ({ say }: Context): GraphQLError =>
  fault("BAD_REQUEST", say("error.notLive"), { http: { status: 400 } });
