/** Exit status of the container's health check: whether the service in it is ready. */
import { readEnvironment } from '../src/env.ts';

const { PORT = '4000' } = readEnvironment();
const response = await fetch(`http://127.0.0.1:${PORT}/health/ready`, { signal: AbortSignal.timeout(2500) });
process.exitCode = response.ok ? 0 : 1;
