import { SingleBar } from 'cli-progress';
import { count } from './numbers';

/** Progress of long work, on standard error, so that standard output stays clean. */
export interface ProgressLine {
  readonly update: (done: number, total: number | null, note?: string) => void;
  readonly end: () => void;
}

const silent: ProgressLine = { update: () => undefined, end: () => undefined };

/** A bar on a terminal, plain lines where nobody watches it move; `shown` false: nothing. */
export const progressLine = (title: string, shown: boolean): ProgressLine => {
  if (!shown) return silent;
  return process.stderr.isTTY ? bar(title) : lines(title);
};

const bar = (title: string): ProgressLine => {
  let drawn: SingleBar | null = null;
  const start = (total: number | null): SingleBar => {
    const share = total === null ? '' : '{bar} {percentage}%  ';
    const started = new SingleBar({
      format: `  ${title.padEnd(12)} ${share}{note}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 28,
      hideCursor: true,
      fps: 10,
      // The library would answer Ctrl-C itself and print the bar once more; ending is the command's business.
      gracefulExit: false,
    });
    started.start(Math.max(total ?? 1, 1), 0, { note: '' });
    return started;
  };
  return {
    update: (done, total, note = '') => {
      drawn ??= start(total);
      if (total !== null) drawn.setTotal(Math.max(total, 1));
      drawn.update(total === null ? 0 : Math.min(done, total), { note: note === '' ? count(done) : note });
    },
    end: () => {
      drawn?.stop();
      drawn = null;
    },
  };
};

/** How often work says how far it is, where it cannot redraw. */
const LINE_EVERY_MS = 2_000;

const lines = (title: string): ProgressLine => {
  let [last, said] = ['', ''];
  let next = performance.now() + LINE_EVERY_MS;
  const say = (): void => {
    if (last === said) return;
    process.stderr.write(`${last}\n`);
    said = last;
  };
  return {
    update: (done, total, note = '') => {
      const share = total === null ? '' : `${Math.floor((100 * Math.min(done, total)) / Math.max(1, total))} %`;
      last = `  ${title}: ${[share, note === '' ? count(done) : note].filter((part) => part !== '').join(', ')}`;
      if (performance.now() < next) return;
      next = performance.now() + LINE_EVERY_MS;
      say();
    },
    end: say,
  };
};
