import { expect, test } from 'vitest';
import { EventPump } from '../src/execution/event-pump.ts';

const create = (limit: { events: number; bytes: number }) => {
  let ended = 0;
  const overflow = () => new Error('too slow');
  const pump = new EventPump<number>({ limit, overflow, onEnd: () => ended++ });
  return { pump, ended: () => ended };
};
/** All that it gives, one event after the other. */
const drain = async (pump: EventPump<number>) => {
  const taken: unknown[] = [];
  await pump
    .run(async (event) => {
      await Promise.resolve();
      taken.push(event);
    })
    .catch((error: Error) => taken.push(error.message));
  return taken;
};

test('a pump gives what waits, then the error, when there are too many', async () => {
  const { pump, ended } = create({ events: 3, bytes: 1000 });
  for (const event of [1, 2, 3, 4, 5]) pump.push(event, 1);
  expect(ended()).toBe(1);
  expect(await drain(pump)).toEqual([1, 2, 3, 'too slow']);
});

test('or too large ones, also when some were taken', async () => {
  const { pump } = create({ events: 100, bytes: 10 });
  const first = Promise.withResolvers<void>();
  const taken: unknown[] = [];
  pump.push(1, 6);
  const done = pump.run((event) => {
    taken.push(event);
    return event === 1 ? first.promise : undefined;
  });
  pump.push(2, 6);
  pump.push(3, 4);
  pump.push(4, 1);
  first.resolve();
  await expect(done).rejects.toThrow('too slow');
  expect(taken).toEqual([1, 2, 3]);
});

test('but not one alone, however large', async () => {
  const { pump } = create({ events: 100, bytes: 10 });
  pump.push(1, 5000);
  pump.end();
  expect(await drain(pump)).toEqual([1]);
});

test('a consumer who takes each at once gets it at once', async () => {
  const { pump, ended } = create({ events: 1, bytes: 1 });
  const taken: number[] = [];
  const done = pump.run((event) => void taken.push(event));
  for (let event = 1; event <= 3; event++) {
    pump.push(event, 100);
    expect(taken).toHaveLength(event);
  }
  pump.end();
  await done;
  expect(ended()).toBe(1);
});

test('who wants no more gets no more, and what it meets ends the pump', async () => {
  const stopped = create({ events: 10, bytes: 100 });
  const taken: number[] = [];
  const slow = Promise.withResolvers<void>();
  const done = stopped.pump.run((event) => {
    taken.push(event);
    return slow.promise;
  });
  stopped.pump.push(1, 1);
  stopped.pump.push(2, 1);
  stopped.pump.stop();
  await done;
  slow.resolve();
  await Promise.resolve();
  stopped.pump.push(3, 1);
  expect([taken, stopped.ended()]).toEqual([[1], 1]);

  const failing = create({ events: 10, bytes: 100 });
  const failed = failing.pump.run(() => Promise.reject(new Error('the client is gone')));
  failing.pump.push(1, 1);
  failing.pump.push(2, 1);
  await expect(failed).rejects.toThrow('the client is gone');
  expect(failing.ended()).toBe(1);
});
