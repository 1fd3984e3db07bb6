import { parentPort, type Transferable } from 'node:worker_threads';
import type { ThreadAnswer, ThreadMessage } from './thread-pool';

/**
 * The body of a thread of a pool. `begin` is called with what the pool tells, and gives what answers the questions
 * after that; what it throws ends the thread. `transferred`: what of an answer is handed over and not copied.
 */
export const answerInThread = <About, Question, Answer>(
  begin: (about: About) => (question: Question) => Answer | Promise<Answer>,
  transferred: (answer: Answer) => ReadonlyArray<Transferable> = () => [],
): void => {
  let answerTo: ((question: Question) => Answer | Promise<Answer>) | null = null;
  const post = (message: ThreadAnswer<Answer>, handedOver: ReadonlyArray<Transferable> = []): void =>
    parentPort?.postMessage(message, handedOver);
  const answer = async (id: number, question: Question): Promise<void> => {
    if (answerTo === null) return post({ id, failure: 'asked before there is anything to ask about' });
    let found: Answer;
    try {
      found = await answerTo(question);
    } catch (error) {
      return post({ id, failure: error instanceof Error ? error.message : String(error) });
    }
    post({ id, answer: found }, transferred(found));
  };
  parentPort?.on('message', (message: ThreadMessage<About, Question>) => {
    if ('about' in message) answerTo = begin(message.about);
    else answer(message.id, message.question).catch(() => process.exit(1));
  });
};
