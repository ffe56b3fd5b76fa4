import { Kind, isObjectType } from 'graphql';
import { compileReader, type AnswerPart, type AnswerReader } from './answer-reader.ts';
import type { CallContext } from './call.ts';
import { entitySelection, rootSelection } from './filled-keys.ts';
import { keysOf, type PathPart } from './paths.ts';
import type { Step } from './plan.ts';
import type { Slot } from './slot.ts';

/** The reader of the answer to root fields. */
export function rootReader(context: CallContext, step: Step): AnswerReader | undefined {
  const type = context.schema.getRootType(step.fetch.operationKind);
  return type
    ? compileReader([{ type, selectionSet: rootSelection(step), ...partOf(context, step, [step]) }])
    : undefined;
}

/** The reader of the answer to `_entities` fields under these keys; each has to be of one type. */
export function entityReader(
  context: CallContext,
  slots: readonly Slot[],
  keys: readonly string[],
): AnswerReader | undefined {
  const parts = slots.flatMap(({ step, places }, i): AnswerPart[] => {
    const selectionSet = entitySelection(step);
    const conditions = selectionSet.selections.map((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined,
    );
    const [condition] = conditions;
    const type = condition === undefined ? undefined : context.schema.getType(condition);
    if (!isObjectType(type) || conditions.some((other) => other !== condition)) return [];
    return [{ key: keys[i] ?? '', type, selectionSet, ...partOf(context, step, places) }];
  });
  return parts.length === slots.length ? compileReader(parts) : undefined;
}

function partOf(
  { schema, assignment, shared }: CallContext,
  { document }: Step,
  places: readonly { readonly path: readonly PathPart[] }[],
): Pick<AnswerPart, 'context' | 'mayShare'> {
  const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = new Map(definitions.map((definition) => [definition.name.value, definition]));
  const bases = places.map(({ path }) => keysOf(path));
  return {
    context: { schema, fragments, assignment, deferring: false },
    mayShare: (path) => bases.every((base) => shared.has([...base, path].join('/'))),
  };
}
