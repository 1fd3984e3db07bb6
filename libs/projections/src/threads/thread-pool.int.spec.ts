import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNewEvent } from '@afecto/domain';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
// eslint-disable-next-line boundaries/dependencies -- the one compiled workspace of all tests; it is a test's, not the gateway's
import { compiledWorkspace } from '../../../gateway/src/testing/kept/compiled-workspace';
import { type FoldedPart, partFolder, type PartQuestion, type SpilledLog } from '../engine/fold-customers';
import { Spill } from '../engine/spill';
import { type ThreadPool, threadPool } from './thread-pool';

const folder = mkdtempSync(join(tmpdir(), 'afecto-threads-'));
const { fileOf } = compiledWorkspace();

const pools: { readonly close: () => Promise<void> }[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened = <About, Question, Answer>(file: string, size: number): ThreadPool<About, Question, Answer> => {
  const pool = threadPool<About, Question, Answer>(file, size);
  pools.push(pool);
  return pool;
};

/** Adds what is asked to what was told; some questions fail, one ends the thread. */
const adding = join(folder, 'adding.js');
writeFileSync(
  adding,
  `const { answerInThread } = require(${JSON.stringify(fileOf('libs/projections/src/threads/answer-in-thread.ts'))});
   answerInThread((told) => (asked) => {
     if (asked === 'end') process.exit(3);
     if (asked === 'fail') throw new Error('nothing is added to that');
     return told + asked;
   });`,
);

describe('a pool of threads', () => {
  it('answers every question after what it was told last', async () => {
    const pool = opened<number, number, number>(adding, 3);
    pool.tell(100);
    const first = Array.from({ length: 12 }, (_, n) => pool.ask(n));
    pool.tell(200);
    const second = Array.from({ length: 12 }, (_, n) => pool.ask(n));
    expect(await Promise.all(first)).toEqual(Array.from({ length: 12 }, (_, n) => 100 + n));
    expect(await Promise.all(second)).toEqual(Array.from({ length: 12 }, (_, n) => 200 + n));
  });

  it('fails a question that its thread failed at, and goes on', async () => {
    const pool = opened<string, string, string>(adding, 1);
    await expect(pool.ask('too soon')).rejects.toThrow('asked before there is anything to ask about');
    pool.tell('a');
    await expect(pool.ask('fail')).rejects.toThrow('nothing is added to that');
    expect(await pool.ask('b')).toBe('ab');
  });

  it('fails all that is asked of it as soon as one of its threads has ended', async () => {
    const pool = opened<string, string, string>(adding, 2);
    pool.tell('a');
    const ending = pool.ask('end');
    await expect(ending).rejects.toThrow('ended with 3');
    await expect(pool.ask('b')).rejects.toThrow('ended with 3');
    await expect(pool.ask('b')).rejects.toThrow('ended with 3');
  });
});

describe('the threads of a build', () => {
  it('fold a part into the same rows as the thread that began them', async () => {
    const PARTS = 4;
    const facts = fc.sample(arbitraryFactOf(), { numRuns: 400, seed: 7 });
    const spill = new Spill(join(folder, 'build'), PARTS);
    for (const [index, fact] of facts.entries()) {
      const { id, type, data, metadata } = toNewEvent(fact);
      spill.addFor(
        fact.subjects,
        {
          id,
          type,
          streamId: fact.streamId,
          revision: 0,
          position: BigInt(index + 1),
          recordedAt: fact.recordedAt,
          data: JSON.stringify(data),
          metadata: JSON.stringify(metadata),
        },
        0,
      );
    }
    const log: SpilledLog = {
      file: spill.file,
      parts: PARTS,
      horizon: Math.max(...facts.map(({ occurredAt }) => occurredAt)),
      worldFacts: [],
      keyFiles: null,
    };
    const questions = Array.from({ length: PARTS }, (_, part): PartQuestion => ({
      part,
      spilled: spill.part(part),
      referredOrders: new Map(),
    }));
    const here = partFolder(log);
    const pool = opened<SpilledLog, PartQuestion, FoldedPart>(fileOf('libs/projections/src/engine/fold-worker.ts'), 2);
    pool.tell(log);
    const away = await Promise.all(questions.map(pool.ask));
    expect(away.reduce((sum, { customers }) => sum + customers.length, 0)).toBeGreaterThan(1);
    for (const [part, question] of questions.entries()) expect(away[part]).toEqual(await here(question));
    spill.close();
  });
});
