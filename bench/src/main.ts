import { benchChat } from './chat/bench.ts';
import { PEERS as CHAT_PEERS } from './chat/delivery.ts';
import { printLine, printReport, type Report } from './harness/report.ts';
import { endEverything } from './harness/processes.ts';
import { preparePeers } from './harness/peers.ts';
import { benchIdentity } from './identity/bench.ts';
import { type BenchName, readOptions, USAGE, UsageError } from './options.ts';
import { benchRouter } from './router/bench.ts';
import { PEERS } from './router/contenders.ts';

/** What a name runs, and the peers that it compares with, in folders of `peers/`. */
const benches: Record<
  BenchName,
  { run: (options: { quick: boolean; log: (line: string) => void }) => Promise<Report>; peers: readonly string[] }
> = {
  router: { run: benchRouter, peers: PEERS },
  chat: { run: benchChat, peers: CHAT_PEERS },
  identity: { run: benchIdentity, peers: [] },
};

// Whoever started us may be killed without a word to us.
const parent = process.ppid;
const orphaned = setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 500);
orphaned.unref();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endEverything();
    process.kill(process.pid, signal);
  });
}

try {
  const { name, quick, prepare } = readOptions(process.argv.slice(2));
  const { run, peers } = benches[name];
  if (prepare) await preparePeers(peers, printLine);
  else printReport(await run({ quick, log: printLine }));
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    error instanceof UsageError
      ? `${error.message}\n\n${USAGE}\n`
      : `${error instanceof Error ? error.stack : String(error)}\n`,
  );
} finally {
  endEverything();
}
