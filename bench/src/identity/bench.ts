import type { Findings, Report } from '../harness/report.ts';
import { benchLogIns } from './logins.ts';
import { benchNotifications } from './notifications.ts';
import { addPeople } from './people.ts';
import { startService } from './service.ts';
import { benchServing } from './serving.ts';
import { benchTokenChecks } from './token-checks.ts';
import { startWorld, type World } from './world.ts';

/** What users does, each part measured against the least that it could cost. */
export async function benchIdentity(options: { quick: boolean; log: (line: string) => void }): Promise<Report> {
  const world = await startWorld(options.log);
  try {
    await addPeople(world.databases.users);
    const parts = [
      await benchNotifications(world, options),
      await benchTokenChecks({ ...options, logger: world.logger }),
      ...(await benchService(world, options)),
    ];
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

async function benchService(
  world: World,
  options: { quick: boolean; log: (line: string) => void },
): Promise<Findings[]> {
  options.log('starting users');
  const service = await startService(world);
  try {
    return [await benchLogIns(world, service, options), await benchServing(service, options)];
  } finally {
    await service.stop();
  }
}
