import type { FetchNode } from '@apollo/query-planner';
import { findOnce, type CallContext, type RunState } from './call.ts';
import type { Reason, ResponsePath, AnswerError } from './errors.ts';
import { entitySelection, filledBy, type FilledKey } from './filled-keys.ts';
import { isData, merge, type Data } from './merge.ts';
import { compileFinder, findWithPaths, keysOf, type Finder, type PathPart } from './paths.ts';
import { renamedKeys } from './plan-keys.ts';
import type { Step } from './plan.ts';
import { compileRepresentation, RepresentationList, type RepresentationWriter } from './representations.ts';
import { applyRewrites } from './rewrites.ts';

/** One `_entities` field of a call. Steps that ask the same of objects at different paths share it. */
export interface Slot {
  readonly write: RepresentationWriter;
  readonly fetch: FetchNode;
  readonly step: Step;
  readonly places: { readonly path: readonly PathPart[]; readonly scope: string; readonly find: Finder }[];
  readonly filled: readonly FilledKey[];
  readonly renamed: ReadonlyMap<string, string>;
}

/** The slots of a call for these steps. */
export function slotsOf(context: CallContext, steps: readonly Step[]): Slot[] {
  const slots = new Map<string, Slot>();
  for (const step of steps) {
    const { fetch, requires = [], path, scope } = step;
    const selection = fetch.operation.slice(fetch.operation.indexOf('{'));
    const id = JSON.stringify([selection, requires, fetch.inputRewrites, fetch.outputRewrites]);
    const place = { path, scope, find: compileFinder(path) };
    const same = slots.get(id);
    if (same) {
      same.places.push(place);
      continue;
    }
    slots.set(id, {
      write: compileRepresentation(context.schema, requires, fetch.inputRewrites),
      fetch,
      step,
      places: [place],
      filled: filledBy(context, step, entitySelection(step)),
      renamed: renamedKeys(fetch),
    });
  }
  return [...slots.values()];
}

/** One slot in one run: the objects that it is about, and the representation of each. */
export class SlotRun {
  readonly slot: Slot;
  readonly list = new RepresentationList();
  /** Objects that are asked about, each as often as it stands in the data. */
  requested = 0;
  readonly #context: CallContext;
  readonly #state: RunState;
  /** For each place: the objects there, each once, and where in the list the representation of each is. */
  readonly #objects: (readonly Data[])[];
  readonly #indices: (readonly number[])[];
  #located: { object: Data; path: ResponsePath; index: number }[] | undefined;

  constructor(context: CallContext, state: RunState, slot: Slot) {
    this.slot = slot;
    this.#context = context;
    this.#state = state;
    const found = slot.places.map(({ scope, find }) => findOnce(state, scope, find));
    this.#objects = found.map(({ distinct }) => distinct);
    this.#indices = this.#objects.map((objects) => objects.map((object) => slot.write(this.list, object)));
    found.forEach(({ all, distinct }, place) => {
      const indices = this.#indices[place] ?? [];
      const asked = indices.includes(-1) ? new Set(distinct.filter((_, i) => indices[i] !== -1)) : undefined;
      this.requested += asked === undefined ? all.length : all.filter((object) => asked.has(object)).length;
    });
  }

  /** Merges the entities into the objects. `copied`: objects at different places must not share what is inside them. */
  apply(entities: readonly unknown[], copied: boolean): void {
    const { schema, interfaces } = this.#context;
    applyRewrites(schema, this.slot.fetch.outputRewrites ?? [], entities);
    this.#objects.forEach((objects, place) => {
      const indices = this.#indices[place] ?? [];
      for (let i = 0; i < objects.length; i++) {
        const target = objects[i];
        const index = indices[i];
        if (target === undefined || index === undefined || index < 0) continue;
        const entity = entities[index];
        if (isData(entity)) merge(target, copied && place > 0 ? copy(entity) : entity, interfaces);
        else this.#state.absent.add(target);
      }
    });
  }

  /** Where the objects stand whose representation has this place in the list. */
  paths(index: number): ResponsePath[] {
    return this.#locate().flatMap((found) => (found.index === index ? [found.path] : []));
  }

  /** The errors when nothing came for this slot. */
  fail(reason: Reason): AnswerError[] {
    return this.#context.places.unfilled(reason, this.#locate(), this.slot.filled);
  }

  #locate(): { object: Data; path: ResponsePath; index: number }[] {
    this.#located ??= this.slot.places.flatMap(({ path }, place) => {
      const indices = new Map(this.#objects[place]?.map((object, i) => [object, this.#indices[place]?.[i] ?? -1]));
      return findWithPaths(this.#state.data, path).flatMap((found) => {
        const index = indices.get(found.object) ?? -1;
        return index < 0 ? [] : [{ ...found, index }];
      });
    });
    return this.#located;
  }
}

/**
 * Whether the places of a slot must not share the objects inside its entities. Objects at one path can: every later step
 * treats them alike. Objects at different paths cannot when a later step looks for something below one of the paths,
 * inside an object that this slot brings: what it puts there must not show at the other.
 *
 *     a: best { friend { x: name } }  b: best { friend { x: id } }     two paths, one slot for `friend`, then two for `x`
 */
export function mustCopy({ places, filled }: Slot, steps: readonly Step[]): boolean {
  if (places.length < 2) return false;
  return places.some(({ path }) =>
    steps.some((step) => {
      const below = keysOf(step.path.slice(path.length))[0];
      const starts = path.every((part, i) => JSON.stringify(part) === JSON.stringify(step.path[i]));
      return starts && below !== undefined && filled.some(({ key }) => key === below);
    }),
  );
}

/** A copy of JSON data; several times faster than structuredClone. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isData(value)) return value;
  const result: Data = {};
  for (const key in value) result[key] = copy(value[key]);
  return result as T;
}
