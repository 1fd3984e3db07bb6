import { StoreUnreachableError } from '@afecto/event-store';
import { ProjectionsBehindError } from '../system/projections-behind-error';

/** What is thrown when the log or the projections have given no answer in their time. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof StoreUnreachableError || error instanceof ProjectionsBehindError;

/**
 * Runs calls one after another. Whoever was waiting while the call before had no answer has waited as long
 * for nothing, and fails with it: nobody's wait begins when its turn comes.
 */
export const oneByOne = <Call, Answer>(run: (call: Call) => Promise<Answer>): ((call: Call) => Promise<Answer>) => {
  let last: Promise<unknown> = Promise.resolve();
  let unanswered: { readonly at: number; readonly error: unknown } | null = null;
  return (call) => {
    const asked = performance.now();
    const turn = async (): Promise<Answer> => {
      if (unanswered !== null && asked <= unanswered.at) throw unanswered.error;
      try {
        return await run(call);
      } catch (error) {
        if (isUnanswered(error)) unanswered = { at: performance.now(), error };
        throw error;
      }
    };
    const result = last.then(turn);
    last = result.catch(() => undefined);
    return result;
  };
};
