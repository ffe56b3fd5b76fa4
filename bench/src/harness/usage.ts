import { readdirSync, readFileSync } from 'node:fs';

/** What a program and all that it started have used. */
export interface Usage {
  /** Seconds of processor time, in user and system mode, of all threads. */
  cpuSeconds: number;
  /** Peak resident memory in MB, summed over its processes. */
  peakMemory: number;
}

/** Resident memory of one process now, in MB. Only on Linux. */
export const residentMemory = (pid: number): number => megabytes(pid, 'VmRSS');

/** Of what /proc counts in; the same on every Linux. */
const TICKS_PER_SECOND = 100;

interface Stat {
  pid: number;
  parent: number;
  cpuSeconds: number;
}

/** Reads `/proc/PID/stat`: the second field is a name in parentheses that may hold anything. */
export function readStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Counted from 1 in proc(5): ppid 4, utime 14, stime 15, and of children that have ended cutime 16, cstime 17.
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    cpuSeconds: (field(14) + field(15) + field(16) + field(17)) / TICKS_PER_SECOND,
  };
}

/** The usage of a process and its descendants so far. Only on Linux. */
export function usageOf(pid: number): Usage {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const text = readIfThere(`/proc/${name}/stat`);
      return text === undefined ? [] : [readStat(text)];
    });
  const family = new Set([pid]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const stat of stats) if (family.has(stat.parent)) family.add(stat.pid);
  }
  const members = stats.filter((stat) => family.has(stat.pid));
  return {
    cpuSeconds: members.reduce((sum, stat) => sum + stat.cpuSeconds, 0),
    peakMemory: members.reduce((sum, stat) => sum + peakMemory(stat.pid), 0),
  };
}

const peakMemory = (pid: number): number => megabytes(pid, 'VmHWM');

function megabytes(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`${line}:\\s*(\\d+)`).exec(readIfThere(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** Processes end while one looks. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
