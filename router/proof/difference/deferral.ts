import { Kind, visit, type DirectiveNode, type DocumentNode } from 'graphql';
import type { Answer, ResponsePath } from '../../src/execution/compiled/index.ts';
import { merge, type Data } from '../../src/execution/compiled/merge.ts';
import type { Random } from './random.ts';

/** The same operation with some of its fragments deferred. */
export function withDefer(document: DocumentNode, random: Random): DocumentNode {
  const defer: DirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'defer' } };
  const deferred = <N extends { directives?: readonly DirectiveNode[] }>(node: N): N | undefined =>
    random.chance(0.5) ? { ...node, directives: [...(node.directives ?? []), defer] } : undefined;
  return visit(document, { InlineFragment: (node) => deferred(node), FragmentSpread: (node) => deferred(node) });
}

/** What a client has when every part of an answer has arrived. */
export async function assemble({ data, subsequent }: Answer): Promise<unknown> {
  const whole: unknown = JSON.parse(data);
  for await (const { incremental } of subsequent ?? []) {
    for (const part of incremental) {
      const target = lookUp(whole, part.path);
      const value = JSON.parse(part.data) as Data | null;
      if (value !== null) merge(target as Data, value);
    }
  }
  return whole;
}

function lookUp(value: unknown, path: ResponsePath): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], value);
}
