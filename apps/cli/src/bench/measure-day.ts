import { join } from 'node:path';
import type { Figure } from '@afecto/server';
import type { BenchRun } from './bench-run';
import { inProcess } from './child-process';
import { inFolder } from './in-folder';
import { fillLog, largeHistory } from './log-file';

/** Days that pass, one round each. */
const DAYS = 3;
const PARTIES = 20_000;

/** What time alone changes over one day, for all parties of a synthetic history: three days, one after another. */
export const measureDay = (run: BenchRun): Promise<Figure & { readonly parties: number }> =>
  inFolder(async (folder) => {
    const parties = run.parties ?? PARTIES;
    const { signal, say } = run;
    const file = join(folder, 'log.db');
    const history = largeHistory(run.facts ?? parties * 10, parties, folder);
    await fillLog(file, history, run);
    const at = { eventStore: `sqlite:${file}`, folder, now: history.endsAt };
    say('day boundary: building');
    const built = await inProcess({ kind: 'build', ...at }, signal);
    say('day boundary: days pass');
    const passed = await inProcess({ kind: 'days', ...at, days: DAYS }, signal);
    return {
      unit: 's',
      rounds: passed.seconds,
      raw: null,
      parties: built.parties,
      note: `${Math.round(passed.count / DAYS).toLocaleString('en-GB')} due a day, ${Math.round(passed.residentMiB)} MiB`,
    };
  });
