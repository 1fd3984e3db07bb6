import type { BuildProgress } from '@afecto/projections';
import { counted, rate } from './numbers';
import { progressLine, type ProgressLine } from './progress';

export interface BuildBars {
  readonly onProgress: (progress: BuildProgress) => void;
  readonly end: () => void;
}

const units: Readonly<Record<BuildProgress['step'], readonly [one: string, many: string]>> = {
  ledger: ['fact', 'facts'],
  customers: ['party', 'parties'],
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
      if (present?.step !== step) {
        end();
        present = { step, line: progressLine(step, shown) };
      }
      present.line.update(done, total, `${counted(done, ...units[step])}, ${rate(done, since)}`);
      spoken = performance.now();
    },
    end,
  };
};
