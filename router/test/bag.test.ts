import { expect, test } from 'vitest';
import { Bag } from '../src/bag.ts';

const things = (count: number) => Array.from({ length: count }, (_, id) => ({ id, place: -1 }));
const idsOf = (bag: Bag<{ id: number; place: number }>): number[] => {
  const ids: number[] = [];
  bag.forEach(({ id }) => ids.push(id));
  return ids.toSorted((a, b) => a - b);
};

test('holds what was added and not deleted, whatever the order', () => {
  const bag = new Bag<{ id: number; place: number }>();
  const all = things(6);
  for (const thing of all) bag.add(thing);
  for (const id of [0, 5, 2]) bag.delete(all[id] ?? { id: -1, place: -1 });
  expect(idsOf(bag)).toEqual([1, 3, 4]);
  expect(bag.size).toBe(3);
  for (const thing of all) bag.delete(thing);
  expect(bag.size).toBe(0);
});

test('deletes nothing that is not in it', () => {
  const bag = new Bag<{ id: number; place: number }>();
  const [a, b, c] = things(3);
  if (a === undefined || b === undefined || c === undefined) throw new Error('three');
  bag.add(a);
  bag.delete(b);
  bag.delete({ id: 9, place: 0 });
  bag.delete(a);
  bag.add(c);
  bag.delete(a);
  expect(idsOf(bag)).toEqual([2]);
});

test('each is visited once, also when it is deleted at that', () => {
  const bag = new Bag<{ id: number; place: number }>();
  for (const thing of things(5)) bag.add(thing);
  const visited: number[] = [];
  bag.forEach((thing) => {
    visited.push(thing.id);
    if (thing.id % 2 === 0) bag.delete(thing);
  });
  expect(visited.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  expect(idsOf(bag)).toEqual([1, 3]);
});
