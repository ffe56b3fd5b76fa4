import type { QueryPlan } from '@apollo/query-planner';
import { isInterfaceType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { CompiledOperation } from './operation.ts';
import { fieldNamesOf, prepare } from './prepare.ts';

export interface CompilerOptions {
  /** What clients see, with @defer. Documents are validated against it before they are compiled. */
  readonly schema: GraphQLSchema;
  /** The whole supergraph, with what is not public. */
  readonly supergraphSchema: GraphQLSchema;
  /** Plans an operation. What it throws, `compile` throws. */
  readonly plan: (document: DocumentNode) => QueryPlan | Promise<QueryPlan>;
}

/** Compiles operations for one supergraph. */
export interface Compiler {
  /**
   * Plans and compiles one operation of a valid document; keep the result (`OnceCache`). Pure: the same document gives
   * the same operation.
   *
   * @throws {Error} when the document holds no such operation, or it cannot be planned.
   */
  compile(document: DocumentNode, operationName?: string | null): Promise<CompiledOperation>;
}

export function createCompiler({ schema, supergraphSchema, plan }: CompilerOptions): Compiler {
  const fieldNames = fieldNamesOf(supergraphSchema);
  const types = Object.values(supergraphSchema.getTypeMap());
  const interfaces = new Set<unknown>(types.filter(isInterfaceType).map(({ name }) => name));
  return {
    async compile(document, operationName) {
      const prepared = prepare(document, operationName ?? undefined, fieldNames);
      return CompiledOperation.plan({ schema, supergraphSchema, interfaces, prepared, plan });
    },
  };
}
