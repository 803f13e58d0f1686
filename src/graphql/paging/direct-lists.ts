import { type GraphQLSchema, isObjectType } from "graphql";
import { Extensions } from "type-graphql";

/** Under this name a field's extensions hold its method, for `directLists` to find. */
const LIST = "list";

type Given = Readonly<Record<string, unknown>>;
/** What a list may be asked besides its page, in its method's order. */
const asked = ["filter", "orderBy"];

type Method = (...given: unknown[]) => unknown;

/**
 * A list: its method takes what it hangs under, if anything, its page, its filter and its order, where it has them, the
 * context and the circumstances. It is called without its object.
 */
export const List: MethodDecorator = (target, name, { value }) => {
  Extensions({ [LIST]: value })(target, name);
};

/**
 * Has each list called with its arguments as they were checked. TypeGraphQL would make objects of classes of them, looking
 * through all classes for each, and again for each parent: a tenth of what a list of ten meetings takes.
 */
export function directLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    const isNested = type !== schema.getQueryType();
    for (const field of Object.values(type.getFields())) {
      const list = field.extensions[LIST] as Method | undefined;
      if (!list) continue;
      const names = asked.filter((name) => field.args.some((arg) => arg.name === name));
      field.resolve = (parent, args: Given, context, info) => {
        const rest = [args, ...names.map((name) => args[name]), context, info];
        return isNested ? list(parent, ...rest) : list(...rest);
      };
    }
  }
}
