import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Job, type Outcome, startLoad } from '../harness/load.ts';
import { isPrepared } from '../harness/peers.ts';
import { freePort } from '../harness/ports.ts';
import { type Program, startProgram } from '../harness/processes.ts';
import { type Usage, usageOf } from '../harness/usage.ts';
import { contender, type ContenderName, contenderNames } from './contenders.ts';
import { composeSupergraph } from './schema.ts';
import { createSessions } from './sessions.ts';
import { type Census, startStandIns } from './stand-ins.ts';

/** One stretch of load on one gateway. */
export interface Stretch extends Outcome {
  cpuSeconds: number;
  census: Census;
}

/** Everybody started and ready, subgraphs and load among them. */
export interface Field {
  /** Those that run, in the order of the table. */
  names: readonly ContenderName[];
  /** Takes spans. */
  tracesUrl: string;
  /** Of the others, why not. */
  absent: ReadonlyMap<ContenderName, string>;
  run(name: ContenderName, job: Pick<Job, 'bodies' | 'connections' | 'seconds' | 'requests'>): Promise<Stretch>;
  usage(name: ContenderName): Usage;
  stop(): Promise<void>;
}

const SESSIONS = 1000;
const READY_LIMIT_MS = 60_000;

/** Starts all who can take part. */
export async function startField(log: (line: string) => void): Promise<Field> {
  const sessions = await createSessions(SESSIONS);
  const standIns = await startStandIns(sessions.keys);
  const load = startLoad();
  const home = mkdtempSync(path.join(tmpdir(), 'chorus-bench-'));
  const supergraphPath = path.join(home, 'supergraph.graphql');
  writeFileSync(supergraphPath, composeSupergraph(standIns.url));

  const running = new Map<ContenderName, { program: Program; port: number }>();
  const absent = new Map<ContenderName, string>();
  for (const name of contenderNames) {
    const { label, kind, path: at, peer, command } = contender(name);
    if (peer !== undefined && !isPrepared(peer)) {
      absent.set(name, 'not installed: run with --prepare');
    } else {
      const port = await freePort();
      const folder = mkdtempSync(path.join(home, 'gateway-'));
      log(`starting ${label.trim()}`);
      const program = startProgram(command({ port, supergraphPath, standIns, folder, sessions }), {
        processor: 'measured',
      });
      const fault = await readiness(program, `http://127.0.0.1:${port}${at}`);
      if (fault === null) {
        running.set(name, { program, port });
      } else {
        await program.stop();
        if (kind === 'ours' || kind === 'handwritten') throw new Error(`${label.trim()} does not run: ${fault}`);
        absent.set(name, `does not run here: ${fault.slice(-300)}`);
      }
    }
  }
  const started = (name: ContenderName) => {
    const found = running.get(name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  };

  return {
    names: [...running.keys()],
    tracesUrl: `http://127.0.0.1:${standIns.port}`,
    absent,
    async run(name, job) {
      const { program, port } = started(name);
      const { path: at, identities } = contender(name);
      await standIns.count();
      const before = usageOf(program.pid);
      const outcome = await load.ask<Outcome>({
        ...job,
        port,
        path: at,
        identities: identities === 'sessions' ? sessions.identities : identities,
      } satisfies Job);
      const cpuSeconds = usageOf(program.pid).cpuSeconds - before.cpuSeconds;
      return { ...outcome, cpuSeconds, census: await standIns.count() };
    },
    usage: (name) => usageOf(started(name).program.pid),
    async stop() {
      await Promise.all([...running.values()].map(({ program }) => program.stop()));
      await Promise.all([load.stop(), standIns.stop()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Null once a gateway answers, else what it said when it did not. */
async function readiness(program: Program, url: string): Promise<string | null> {
  const limit = AbortSignal.timeout(READY_LIMIT_MS);
  let last = 'did not answer in time';
  while (!limit.aborted) {
    if (program.child.exitCode !== null) return program.printed();
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
        signal: limit,
      });
      last = `${answer.status} ${await answer.text()}`;
      if (answer.status === 200) return null;
    } catch (error) {
      last = String(error);
    }
    await Promise.race([program.ended, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return `${last}\n${program.printed()}`;
}
