import type { QueryPlan } from '@apollo/query-planner';
import { OperationTypeNode, parse, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Call, CallContext } from './call.ts';
import type { Assignment } from './conditions.ts';
import { compileEntityCall } from './entity-call.ts';
import type { ResponsePath } from './errors.ts';
import type { PathPart } from './paths.ts';
import { Places } from './places.ts';
import { keysToShare } from './plan-keys.ts';
import { readPlan, type Block, type Step } from './plan.ts';
import type { PreparedOperation } from './prepare.ts';
import { ProjectionCompiler, type Projection } from './projection.ts';
import { compileRootCall } from './root-call.ts';
import { schedule, type Group } from './schedule.ts';
import { deferredFragments, shapeOf, type DeferredFragment, type SelectionContext, type Shape } from './selection.ts';

/** One call of a program and its place among the others. */
export interface ProgramCall {
  readonly service: string;
  readonly mutation: boolean;
  /** The part of the answer that waits for it. */
  readonly block: number;
  readonly call: Call;
  /** How many calls have to be answered before, and which wait for this one. */
  readonly waitsFor: number;
  readonly next: readonly number[];
}

/** A deferred part of the answer. */
export interface DeferredBlock {
  readonly label: string | undefined;
  /** The part after which it may be sent: 0 is the first answer. */
  readonly parent: number;
  /** Calls, of whatever part, that fill it. */
  readonly calls: readonly number[];
  readonly path: readonly PathPart[];
  /** A path of the data in the client's words. */
  readonly toClient: (path: ResponsePath) => ResponsePath | undefined;
  readonly project: Projection;
}

/** An operation for one assignment of its conditions, ready to run. */
export interface Program {
  readonly calls: readonly ProgramCall[];
  /** Prints the whole answer, deferred parts and all. */
  readonly project: Projection;
  /** Prints the first answer; undefined when nothing is deferred. */
  readonly projectFirst: Projection | undefined;
  readonly deferred: readonly DeferredBlock[];
  /** Reads an event of a subscription as the answer of the plan's first fetch. */
  readonly event: Call | undefined;
  readonly selection: SelectionContext;
}

export interface ProgramInput {
  /** What the client sees, and the whole with what is not public. */
  readonly schema: GraphQLSchema;
  readonly supergraphSchema: GraphQLSchema;
  /** Names of the interfaces of the whole. */
  readonly interfaces: ReadonlySet<unknown>;
  readonly prepared: PreparedOperation;
  readonly plan: QueryPlan;
  readonly root: GraphQLObjectType;
}

/** Compiles a plan for one assignment: every condition is settled here, none is left for when it runs. */
export function compileProgram(input: ProgramInput, assignment: Assignment): Program {
  const { schema, supergraphSchema, prepared, plan, root } = input;
  const { selectionSet } = prepared.operation;
  const selection = { schema, fragments: prepared.fragments, assignment, deferring: false };
  const fragments = deferredFragments(selection, root, selectionSet);
  const { node } = plan;
  const subscription = node?.kind === 'Subscription' ? node : undefined;
  const { steps, blocks } = readPlan(
    node?.kind === 'Subscription' ? node.rest : node,
    assignment,
    subscription && [subscription.primary],
  );
  let shape: Shape | undefined;
  const event = subscription && eventStep(subscription.primary);
  const context: CallContext = {
    schema: supergraphSchema,
    interfaces: input.interfaces,
    assignment,
    clientVariables: prepared.clientVariables,
    places: new Places(() => (shape ??= shapeOf(selection, [selectionSet])), prepared.clientKeys),
    shared: keysToShare(event ? [...steps, event] : steps, assignment),
  };
  const groups = schedule(steps);
  const project = (deferring: boolean): Projection =>
    new ProjectionCompiler({ ...selection, deferring }, prepared.clientKeys).compile(root, selectionSet);
  return {
    calls: groups.map((group) => ({
      service: group.service,
      mutation: group.steps.some(({ fetch }) => fetch.operationKind === OperationTypeNode.MUTATION),
      block: blockIndex(fragments, blocks[group.block]?.label),
      call: compileCall(context, group.steps, steps),
      waitsFor: group.after.length,
      next: groups.filter(({ after }) => after.includes(group.index)).map(({ index }) => index),
    })),
    project: project(false),
    projectFirst: fragments.length === 0 ? undefined : project(true),
    deferred: fragments.map((fragment) =>
      compileDeferred(input, context, selection, fragments, fragment, blocks, groups),
    ),
    event: event && compileRootCall(context, event),
    selection,
  };
}

function compileCall(context: CallContext, own: readonly Step[], all: readonly Step[]): Call {
  const [only] = own;
  return only && only.requires === undefined ? compileRootCall(context, only) : compileEntityCall(context, own, all);
}

function compileDeferred(
  { prepared }: ProgramInput,
  { places }: CallContext,
  selection: SelectionContext,
  fragments: readonly DeferredFragment[],
  { label, parent, path, type, selectionSet }: DeferredFragment,
  blocks: readonly Block[],
  groups: readonly Group[],
): DeferredBlock {
  const block = blocks.find((candidate) => candidate.label === label);
  const fills = (group: Group): boolean =>
    block !== undefined && (group.block === block.index || group.steps.some(({ index }) => block.after.has(index)));
  const compiler = new ProjectionCompiler({ ...selection, deferring: true }, prepared.clientKeys);
  return {
    label: prepared.clientLabels.get(label),
    parent: blockIndex(fragments, parent),
    calls: groups.filter(fills).map(({ index }) => index),
    path,
    toClient: (path) => (path.length === 0 ? path : places.toClient(path)),
    project: compiler.compile(type, selectionSet),
  };
}

/** The plan's parts and the client's fragments go by our labels; 0 is the first answer. */
const blockIndex = (fragments: readonly DeferredFragment[], label: string | undefined): number =>
  fragments.findIndex((fragment) => fragment.label === label) + 1;

function eventStep(fetch: Step['fetch']): Step {
  const document = parse(fetch.operation, { noLocation: true });
  return {
    index: -1,
    fetch,
    document,
    requires: undefined,
    path: [],
    block: 0,
    epoch: 0,
    after: new Set(),
    scope: 'event',
  };
}
