/** The least that a log-in costs: a comparison of argon2id, again and again, a few asked at once. */
import { verify } from '@node-rs/argon2';
import { answerMessages } from '../harness/processes.ts';

export interface Comparisons {
  hash: string;
  password: string;
  atOnce: number;
  seconds: number;
}

/** @returns how many a second */
async function compare({ hash, password, atOnce, seconds }: Comparisons): Promise<number> {
  const began = performance.now();
  const end = began + seconds * 1000;
  let compared = 0;
  const one = async () => {
    while (performance.now() < end) {
      if (!(await verify(hash, password))) throw new Error('the password is right');
      compared++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (compared * 1000) / (performance.now() - began);
}

answerMessages((question) => compare(question as Comparisons));
