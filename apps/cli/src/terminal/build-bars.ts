import type { BuildProgress } from '@afecto/projections';
import { counted, rate } from './numbers';
import { progressLine, type ProgressLine } from './progress';

export interface BuildBars {
  readonly onProgress: (progress: BuildProgress) => void;
  readonly end: () => void;
}

/** What a step goes through, and what is counted of it: a log has events that are no facts. */
const steps: Readonly<Record<BuildProgress['step'], readonly [title: string, one: string, many: string]>> = {
  ledger: ['log', 'event', 'events'],
  customers: ['customers', 'party', 'parties'],
};

/** The two steps of a build, one bar after the other. */
export const buildBars = (shown: boolean): BuildBars => {
  let present: { readonly step: BuildProgress['step']; readonly line: ProgressLine } | null = null;
  let since = performance.now();
  // A step speaks when it has done something, so it began when the one before it spoke last.
  let spoken = since;
  const end = (): void => {
    present?.line.end();
    present = null;
    since = spoken;
  };
  return {
    onProgress: ({ step, done, total }) => {
      const [title, one, many] = steps[step];
      if (present?.step !== step) {
        end();
        present = { step, line: progressLine(title, shown) };
      }
      present.line.update(done, total, `${counted(done, one, many)}, ${rate(done, since)}`);
      spoken = performance.now();
    },
    end,
  };
};
