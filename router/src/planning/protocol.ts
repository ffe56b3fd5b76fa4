import type { QueryPlan } from '@apollo/query-planner';

/** What the planner's thread is asked; it answers one request after the other. */
export type Request =
  /** Reads and checks a supergraph, which is planned for under this number until it is forgotten. */
  | { readonly kind: 'load'; readonly generation: number; readonly supergraphSdl: string }
  | { readonly kind: 'plan'; readonly generation: number; readonly document: string }
  | { readonly kind: 'forget'; readonly generation: number };

export type Reply =
  | { readonly kind: 'loaded'; readonly supergraph: LoadedSupergraph; readonly warnings: readonly string[] }
  | { readonly kind: 'planned'; readonly plan: QueryPlan }
  | { readonly kind: 'forgotten' }
  /** Not done. `tooComplex`: the operation has more plans than the planner may look at. */
  | { readonly kind: 'failed'; readonly message: string; readonly tooComplex: boolean };

/** What is known of a supergraph once it is loaded. */
export interface LoadedSupergraph {
  /** What clients see, with @defer, as SDL. */
  readonly apiSdl: string;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
}
