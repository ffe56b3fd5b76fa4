import type { FormattedExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { EventPump } from '../src/execution/event-pump.ts';
import { LiveOperation } from '../src/execution/live-operation.ts';
import { EventText, TailEvent } from '../src/execution/tail-event.ts';

const open = (complete: (event: FormattedExecutionResult) => Promise<EventText>) => {
  let ends = 0;
  const limit = { events: 10, bytes: 1000 };
  const events = new EventPump<FormattedExecutionResult | TailEvent>({
    limit,
    overflow: () => new Error('too slow'),
    onEnd: () => {},
  });
  const operation = new LiveOperation(events, { key: 'all', complete, onEnd: () => ends++ });
  const sent: string[] = [];
  const done = operation.run(({ text }) => void sent.push(text));
  return { events, operation, sent, done, ends: () => ends };
};

test('an event that is being completed when its client leaves is not sent any more', async () => {
  const completed = Promise.withResolvers<EventText>();
  const { events, operation, sent, done, ends } = open(() => completed.promise);
  events.push({ data: { number: 1 } }, 1);
  operation.end();
  await done;
  completed.resolve(new EventText('1'));
  await completed.promise;
  await new Promise(setImmediate);
  expect([sent, ends()]).toEqual([[], 1]);
});

test('what many get is completed once; each has it in the order in which it came', async () => {
  let completions = 0;
  const complete = async ({ data }: FormattedExecutionResult) => {
    completions++;
    await Promise.resolve();
    return new EventText(JSON.stringify(data));
  };
  const clients = [open(complete), open(complete), open(complete)];
  for (let number = 1; number <= 3; number++) {
    const event = new TailEvent({ data: { number } }, () => ({ data: { number } }));
    for (const { events } of clients) events.push(event, 1);
  }
  for (const { events } of clients) events.end();
  await Promise.all(clients.map(({ done }) => done));
  for (const { sent, ends } of clients) {
    expect(sent).toEqual(['{"number":1}', '{"number":2}', '{"number":3}']);
    expect(ends()).toBe(1);
  }
  expect(completions).toBe(3);
});

test('one whose client cannot be written to ends alone, and what is left undone ends all who wait for it', async () => {
  const broken = open(async () => new EventText('1'));
  const rest = open(async () => new EventText('1'));
  broken.sent.push = () => {
    throw new Error('the client is gone');
  };
  const event = new TailEvent({ data: {} }, () => ({ data: {} }));
  for (const { events } of [broken, rest]) events.push(event, 1);
  await expect(broken.done).rejects.toThrow('the client is gone');
  rest.events.end();
  await rest.done;
  expect([rest.sent, broken.ends()]).toEqual([['1'], 1]);

  const fail = () => Promise.reject(new Error('nobody knows the author'));
  const both = [open(fail), open(fail)];
  const other = new TailEvent({ data: {} }, () => ({ data: {} }));
  for (const { events } of both) events.push(other, 1);
  for (const { done } of both) await expect(done).rejects.toThrow('nobody knows the author');
});
