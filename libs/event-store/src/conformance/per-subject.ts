import type { EventStore } from '../port';
import type { Subject } from './subject';

/**
 * A log to read, written once for each subject and kept while the suite runs: hundreds of cases read
 * it and none changes it.
 */
export const perSubject = <A>(write: (store: EventStore) => Promise<A>): ((subject: Subject) => Promise<A>) => {
  const made = new WeakMap<Subject, Promise<A>>();
  return (subject) => {
    const kept = made.get(subject);
    if (kept !== undefined) return kept;
    const making = subject.store().then(write);
    made.set(subject, making);
    return making;
  };
};
