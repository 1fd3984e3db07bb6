import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PartWork } from './parts-ahead';

/** What is sent to a thread: a question with its number, or what all later questions are about. */
export type ThreadMessage<About, Question> =
  { readonly about: About } | { readonly id: number; readonly question: Question };

export type ThreadAnswer<Answer> =
  { readonly id: number; readonly answer: Answer } | { readonly id: number; readonly failure: string };

/** Threads that run one compiled file, whose body is `answerInThread`; `close` ends them. */
export interface ThreadPool<About, Question, Answer> {
  readonly size: number;
  /** Comes before every question that is asked later. */
  readonly tell: (about: About) => void;
  /** Rejects when the thread failed at it, or has ended. */
  readonly ask: (question: Question) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

/** @param file compiled */
export const threadPool = <About, Question, Answer>(
  file: string,
  size: number,
): ThreadPool<About, Question, Answer> => {
  const waiting = new Map<number, Waiting<Answer>>();
  let asked = 0;
  /** A thread that ended fails all questions, also when nobody waited for an answer just then. */
  let failure: Error | null = null;
  const lost = (reason: Error): void => {
    failure ??= reason;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 64 } });
    worker.on('message', (message: ThreadAnswer<Answer>) => {
      const waiter = waiting.get(message.id);
      waiting.delete(message.id);
      if ('failure' in message) waiter?.reject(new Error(message.failure));
      else waiter?.resolve(message.answer);
    });
    worker.on('error', lost);
    // After `close` nobody waits.
    worker.on('exit', (code) => lost(new Error(`a thread of ${file} ended with ${code}`)));
    return worker;
  });
  const post = (worker: Worker | undefined, message: ThreadMessage<About, Question>): void =>
    worker?.postMessage(message);
  return {
    size,
    tell: (about) => {
      for (const worker of workers) post(worker, { about });
    },
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure);
        const id = asked++;
        waiting.set(id, { resolve, reject });
        post(workers[id % workers.length], { id, question });
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};

const MOST_THREADS = 8;

/** Threads worth having beside the caller's, which works too: one a core, `atMost` with its own. */
export const threadsBeside = (atMost = MOST_THREADS): number => Math.min(atMost, availableParallelism()) - 1;

/** Parts that a thread has before it: the next one must not wait for the caller, who may be writing. */
const PARTS_A_THREAD = 3;

/** Parts as questions to the threads of a pool; `question` tells what there is to know of one when its time has come. */
export const partsAway = <About, Question, Answer>(
  { ask, size }: ThreadPool<About, Question, Answer>,
  question: (part: number) => Question,
): PartWork<Answer>['away'] => ({ work: (part) => ask(question(part)), atOnce: PARTS_A_THREAD * size });
