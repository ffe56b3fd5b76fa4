import { printLine, printReport } from './harness/report.ts';
import { endEverything } from './harness/processes.ts';
import { preparePeers } from './harness/peers.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { benchRouter } from './router/bench.ts';
import { PEERS } from './router/contenders.ts';

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
  const { quick, prepare } = readOptions(process.argv.slice(2));
  if (prepare) await preparePeers(PEERS, printLine);
  else printReport(await benchRouter({ quick, log: printLine }));
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
