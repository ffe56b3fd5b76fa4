import { fault } from '@chorus/kit/errors';
import { type FragmentDefinitionNode, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';

/** How large a document may be. */
export interface OperationLimits {
  /** Lexical tokens; checked by the parser. */
  tokens: number;
  /** Fields within fields. */
  depth: number;
  /** Fields renamed, in the whole operation. */
  aliases: number;
  rootFields: number;
  /** Fields in the whole operation; fragments in fragments make many of few. */
  fields: number;
}

interface Measure {
  depth: number;
  aliases: number;
  /** Fields of the selection itself, those of fragments among them. */
  own: number;
  fields: number;
}

const nothing: Measure = { depth: 0, aliases: 0, own: 0, fields: 0 };

/** A validation rule that refuses operations beyond the limits, fragments counted where they are spread. */
export function limitRule({ depth, aliases, rootFields, fields }: OperationLimits): ValidationRule {
  return (context) => {
    const measured = new Map<FragmentDefinitionNode, Measure>();
    const open = new Set<FragmentDefinitionNode>();

    const ofFragment = (fragment: FragmentDefinitionNode | null | undefined): Measure => {
      // A missing fragment, or one that spreads itself, is another rule's fault to find.
      if (fragment == null || open.has(fragment)) return nothing;
      const known = measured.get(fragment);
      if (known !== undefined) return known;
      open.add(fragment);
      const measure = measureSelections(fragment.selectionSet);
      open.delete(fragment);
      measured.set(fragment, measure);
      return measure;
    };
    const measureSelections = ({ selections }: SelectionSetNode): Measure => {
      const total = { ...nothing };
      for (const selection of selections) {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(context.getFragment(selection.name.value))
            : selection.selectionSet === undefined
              ? nothing
              : measureSelections(selection.selectionSet);
        const isField = selection.kind === Kind.FIELD;
        total.depth = Math.max(total.depth, inner.depth + (isField ? 1 : 0));
        total.aliases += inner.aliases + (isField && selection.alias !== undefined ? 1 : 0);
        total.own += isField ? 1 : inner.own;
        total.fields += inner.fields + (isField ? 1 : 0);
      }
      return total;
    };
    const refuse = (what: string, limit: number) =>
      context.reportError(
        fault('OPERATION_TOO_COMPLEX', `The operation has more than ${limit} ${what}. Split it, or ask for less.`),
      );

    return {
      OperationDefinition(operation) {
        const measure = measureSelections(operation.selectionSet);
        if (measure.own > rootFields) refuse('root fields', rootFields);
        if (measure.fields > fields) refuse('fields', fields);
        if (measure.depth > depth) refuse('levels of fields', depth);
        if (measure.aliases > aliases) refuse('aliases', aliases);
      },
    };
  };
}
