import type { Logger } from 'pino';
import { ConfigError, earlyLogLevel } from './config.ts';
import { createLogger } from './telemetry/logger.ts';
import { shutdownTelemetry } from './telemetry/index.ts';

/** Something started: `stop` ends it and what it holds, and resolves when it is gone. */
export interface Running {
  stop(): Promise<void>;
}

const STOP_LIMIT_MS = 10_000;

/**
 * The whole of a service's main: starts it, and ends the process on SIGTERM, SIGINT or the death of its supervisor after
 * a graceful stop, or after 10 s in any case. A configuration that does not hold is told in one line for each fault.
 */
export async function runService(name: string, start: (logger: Logger) => Promise<Running>): Promise<void> {
  const logger = createLogger({ service: name, level: earlyLogLevel() });
  let running: Promise<Running> | undefined;
  let stopping = false;

  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    setTimeout(() => {
      logger.error('did not stop in time');
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    try {
      await (await running)?.stop();
      await shutdownTelemetry();
      process.exit(0);
    } catch (err) {
      logger.error({ err }, 'failed to stop cleanly');
      process.exit(1);
    }
  };
  process.once('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.once('disconnect', () => void stop('the supervisor is gone'));
  process.on('unhandledRejection', (err) => logger.error({ err }, 'unhandled rejection'));

  try {
    running = start(logger);
    await running;
  } catch (err) {
    if (err instanceof ConfigError) err.faults.forEach((fault) => logger.fatal(fault));
    else logger.fatal({ err }, 'could not start');
    process.exit(1);
  }
}
