import type { Report } from '../harness/report.ts';
import { benchNotifications } from './notifications.ts';
import { startWorld } from './world.ts';

/** What users does, each part measured against the least that it could cost. */
export async function benchIdentity(options: { quick: boolean; log: (line: string) => void }): Promise<Report> {
  const world = await startWorld(options.log);
  try {
    const parts = [await benchNotifications(world, options)];
    const faults = parts.flatMap((part) => part.faults);
    return {
      bench: 'identity',
      lines: [...parts.flatMap(({ lines }) => lines), ...faults, ''],
      ratios: Object.assign({}, ...parts.map(({ ratios }) => ratios)) as Report['ratios'],
      absolute: Object.assign({}, ...parts.map(({ absolute }) => absolute)) as Report['absolute'],
      equal: faults.length === 0,
    };
  } finally {
    await world.stop();
  }
}
