import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/Either';
import { appendTo, arbitraryEvent, expectRight } from '../testing/given-store';
import { type AppendOutcome, CommitQueue } from './commit-queue';
import { prepareAppend } from './prepare-append';

const request = (events = 1) =>
  expectRight(
    prepareAppend(
      appendTo(
        'order-1',
        Array.from({ length: events }, () => arbitraryEvent()),
      ),
    ),
  );

/** A queue over a writer that accepts everything and notes how many appends each commit had. */
const givenQueue = () => {
  const commits: number[] = [];
  const log: string[] = [];
  let fails = false;
  const queue = new CommitQueue(
    (batch) => {
      if (fails) throw new Error('disk full');
      commits.push(batch.length);
      return batch.map(() => E.right({ streamId: 'order-1', events: [], duplicate: false }));
    },
    () => log.push('signal'),
  );
  const append = (events = 1): Promise<AppendOutcome> =>
    new Promise((resolve) =>
      queue.push(request(events), (outcome) => {
        log.push('answer');
        resolve(outcome);
      }),
    );
  return {
    queue,
    append,
    commits,
    log,
    fail: (now: boolean) => {
      fails = now;
    },
  };
};

describe('a commit', () => {
  it('is shared by all appends of one turn of the event loop', async () => {
    const { append, commits } = givenQueue();
    await Promise.all([append(), append(), append()]);
    expect(commits).toEqual([3]);
  });

  it('is shared by callers who come back at different depths of promises', async () => {
    const { append, commits } = givenQueue();
    const caller = async (depth: number): Promise<void> => {
      for (let n = 0; n < 5; n++) {
        for (let hop = 0; hop < depth; hop++) await Promise.resolve();
        await append();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, depth) => caller(depth)));
    expect(commits).toEqual([8, 8, 8, 8, 8]);
  });

  it('is shared by requests that arrive in one turn, each in a callback of its own, also after a caller was alone', async () => {
    const { append, commits } = givenQueue();
    for (let n = 0; n < 30; n++) await append();
    for (let n = 0; n < 5; n++) {
      commits.length = 0;
      const arrivals = Array.from({ length: 3 }, async () => {
        await nextTurn();
        await append();
      });
      await Promise.all(arrivals);
      expect(commits).toEqual([3]);
      await nextTurn();
    }
  });

  it('takes a turn of the event loop at every ninth commit or so while a caller appends without pause', async () => {
    const { append } = givenQueue();
    let turns = 0;
    let running = true;
    const count = (): void => {
      turns += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    for (let n = 0; n < 900; n++) await append();
    running = false;
    expect(turns).toBeGreaterThanOrEqual(90);
    expect(turns).toBeLessThan(200);
  });

  it('tells subscribers before it answers', async () => {
    const { append, log } = givenQueue();
    await append();
    expect(log).toEqual(['signal', 'answer']);
  });

  it('is bounded at five thousand events, but never splits an append', async () => {
    const { append, commits } = givenQueue();
    await Promise.all([append(4_999), append(1), append(1), append(6_000), append(1)]);
    expect(commits).toEqual([2, 1, 1, 1]);
  });

  it('that fails answers StoreFailed to all it holds, and the next one goes on', async () => {
    const { append, fail, commits, log } = givenQueue();
    fail(true);
    const answers = await Promise.all([append(), append()]);
    expect(answers).toMatchObject([
      { left: { code: 'StoreFailed', message: expect.stringContaining('disk full') } },
      { left: { code: 'StoreFailed' } },
    ]);
    expect(log).toEqual(['answer', 'answer']);
    fail(false);
    await append();
    expect(commits).toEqual([1]);
  });

  it('is waited for when the queue is asked to become idle', async () => {
    const { queue, append, log } = givenQueue();
    void append();
    await queue.idle();
    expect(log).toEqual(['signal', 'answer']);
    await queue.idle();
  });
});
