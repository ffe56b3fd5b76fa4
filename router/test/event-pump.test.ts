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
    .run({
      take(event) {
        taken.push(event);
        queueMicrotask(() => pump.next());
      },
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
  const taken: unknown[] = [];
  pump.push(1, 6);
  const done = pump.run({ take: (event) => void taken.push(event) });
  pump.push(2, 6);
  pump.push(3, 4);
  pump.push(4, 1);
  for (let event = 1; event <= 3; event++) pump.next();
  await expect(done).rejects.toThrow('too slow');
  expect(taken).toEqual([1, 2, 3]);
});

test('but not one alone, however large', async () => {
  const { pump } = create({ events: 100, bytes: 10 });
  pump.push(1, 5000);
  pump.end();
  expect(await drain(pump)).toEqual([1]);
});

test('a consumer who is ready gets an event at once, and the next when it says so', async () => {
  const { pump, ended } = create({ events: 10, bytes: 1000 });
  const taken: number[] = [];
  const done = pump.run({ take: (event) => void taken.push(event) });
  pump.push(1, 100);
  expect(taken).toEqual([1]);
  pump.push(2, 100);
  expect(taken).toEqual([1]);
  pump.next();
  expect(taken).toEqual([1, 2]);
  pump.next();
  pump.push(3, 100);
  expect(taken).toEqual([1, 2, 3]);
  pump.end();
  pump.next();
  await done;
  expect(ended()).toBe(1);
});

test('who wants no more gets no more, and what it meets ends the pump', async () => {
  const stopped = create({ events: 10, bytes: 100 });
  const taken: number[] = [];
  const done = stopped.pump.run({ take: (event) => void taken.push(event) });
  stopped.pump.push(1, 1);
  stopped.pump.push(2, 1);
  stopped.pump.stop();
  await done;
  stopped.pump.next();
  stopped.pump.push(3, 1);
  expect([taken, stopped.ended()]).toEqual([[1], 1]);

  const thrown = create({ events: 10, bytes: 100 });
  const failed = thrown.pump.run({
    take() {
      throw new Error('the client is gone');
    },
  });
  thrown.pump.push(1, 1);
  await expect(failed).rejects.toThrow('the client is gone');

  const told = create({ events: 10, bytes: 100 });
  const toldFailed = told.pump.run({ take: () => {} });
  told.pump.push(1, 1);
  told.pump.push(2, 1);
  told.pump.fail(new Error('the client is gone'));
  await expect(toldFailed).rejects.toThrow('the client is gone');
  expect([thrown.ended(), told.ended()]).toEqual([1, 1]);
});
