import { besideLog, openIntakeOnly, type Settings } from '@afecto/application';
import * as E from 'fp-ts/Either';
import type { CloudEvent } from '../import';
import { openDemo } from '../simulator';
import { portfolioOf, syntheticHistory } from '../synthetic';
import type { BenchRun } from './bench-run';
import { manyCustomers } from './many-customers';

const FACTS_A_CALL = 1_000;
const SEED = 20_111_209;
/** The last order of Online Retail. */
const SYNTHETIC_END = Date.parse('2011-12-09T12:50:00Z');

export const right = <A>(outcome: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(outcome)) throw new Error(outcome.left.message);
  return outcome.right;
};

/** Facts, and the instant at which they end. */
export interface History {
  readonly facts: Iterable<unknown>;
  readonly endsAt: number;
}

/** So many times the demonstration's customers. */
export const demoHistory = async (copies: number): Promise<History> => {
  const source = right(openDemo());
  const facts: CloudEvent[] = [];
  for await (const fact of source.facts) facts.push(fact);
  return { facts: manyCustomers(facts, copies), endsAt: Date.parse(source.report().endsAt ?? '') };
};

/** About so many facts of so many parties, in the shape of Online Retail; facts are laid aside in the folder. */
export const largeHistory = (facts: number, parties: number, inside: string): History => ({
  facts: syntheticHistory({ seed: SEED, ...portfolioOf(facts, parties), endsAt: SYNTHETIC_END, inside }),
  endsAt: SYNTHETIC_END,
});

export const settingsOf = (eventStore: string, folder: string, now: number): Settings => ({
  eventStore,
  readModels: `${folder}/read-models.db`,
  quarantine: `${folder}/quarantine.db`,
  now: () => now,
});

/** Takes a history into a new log of the embedded store, as an import does. */
export const fillLog = async (file: string, { facts, endsAt }: History, { signal, say }: BenchRun): Promise<void> => {
  const eventStore = `sqlite:${file}`;
  const opened = right(
    await openIntakeOnly({
      eventStore,
      readModels: besideLog(eventStore, 'read-models'),
      quarantine: besideLog(eventStore, 'quarantine'),
      now: () => endsAt,
    }),
  );
  let taken = 0;
  let call: unknown[] = [];
  const send = async (): Promise<void> => {
    signal.throwIfAborted();
    const { rejected } = right(await opened.intake.accept(call));
    if (rejected.length > 0) throw new Error(`a fact of the history was refused: ${JSON.stringify(rejected[0])}`);
    taken += call.length;
    call = [];
    say(`${taken.toLocaleString('en-GB')} facts taken in`);
  };
  try {
    say('making facts');
    for (const fact of facts) {
      call.push(fact);
      if (call.length >= FACTS_A_CALL) await send();
    }
    await send();
  } finally {
    await opened.close();
  }
};
