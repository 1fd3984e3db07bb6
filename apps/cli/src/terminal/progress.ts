import { SingleBar } from 'cli-progress';

/** Progress of long work on a terminal; silent when nobody looks or when the output is for machines. */
export interface ProgressLine {
  readonly update: (done: number, total: number | null, note?: string) => void;
  readonly end: () => void;
}

const silent: ProgressLine = { update: () => undefined, end: () => undefined };

/** A bar on standard error, so that standard output stays clean. */
export const progressLine = (title: string, shown: boolean): ProgressLine => {
  if (!shown || !process.stderr.isTTY) return silent;
  const bar = new SingleBar({
    format: `  ${title.padEnd(22)} {bar} {percentage}%  {note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    fps: 10,
  });
  let started = false;
  let last = 0;
  return {
    update: (done, total, note = '') => {
      if (!started) bar.start(total ?? Math.max(done, 1), 0, { note: '' });
      started = true;
      last = done;
      bar.setTotal(total ?? Math.max(done, 1));
      bar.update(done, { note });
    },
    end: () => {
      if (!started) return;
      bar.setTotal(Math.max(last, 1));
      bar.update(Math.max(last, 1));
      bar.stop();
    },
  };
};

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
export const count = (value: number): string => grouped.format(value);

/** Items a second, for a note beside a bar. */
export const rate = (done: number, sinceMs: number): string =>
  `${count((done * 1_000) / Math.max(1, performance.now() - sinceMs))}/s`;
