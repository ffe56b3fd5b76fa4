/** Execution of operations over a federated supergraph: plan -> compiled steps -> run. See docs/router.md. */
export { OnceCache } from './cache.ts';
export { createCompiler, type Compiler, type CompilerOptions } from './compile.ts';
export { printFirst, printPayload, type IncrementalPart, type IncrementalPayload } from './defer.ts';
export type { AnswerError, ResponsePath } from './errors.ts';
export type { CallInfo, CallSubgraph, RunOptions } from './execution.ts';
export type { CompiledOperation } from './operation.ts';
export { printAnswer, type Answer } from './run.ts';
