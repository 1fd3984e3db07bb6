import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { type Intake, openAfecto, openIntakeOnly } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { takeIn } from '../commands/take-in';
import { openNdjson } from '../import';
import { settingsOf } from '../settings';

/**
 * A child process for the crash test: imports a file as the command line does (`bulk`), or as a server
 * takes facts while its projections follow (`following`), and reports each acknowledgement at once,
 * before it goes on: the number of facts of the file that the store has acknowledged so far.
 *
 * Arguments: bulk|following STORE CLOCK FILE [CALLS]; after so many acknowledgements it waits to be killed, so
 * that no kill comes too late, however fast the machine.
 */
const [, , mode, eventStore = '', clock = '', file = '', calls] = process.argv;

const must = <L extends { readonly message: string } | string, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right;
  throw new Error(typeof either.left === 'string' ? either.left : either.left.message);
};

/** Calls as small as those of a channel that tells what just happened. */
const FACTS_A_CALL = 40;
/** Those of an import, smaller than the command line's, so that many moments lie between two of them. */
const FACTS_A_BULK_CALL = 25;
const LONG_MS = 600_000;

const acknowledging = (intake: Intake): Intake => {
  let facts = 0;
  let answered = 0;
  return {
    ...intake,
    accept: async (events) => {
      const result = await intake.accept(events);
      if (E.isRight(result) && result.right.rejected.length === 0) {
        facts += events.length;
        writeSync(1, `acknowledged ${facts}\n`);
        if (++answered === Number(calls)) await pause(LONG_MS);
      }
      return result;
    },
  };
};

/** Hands each call on in smaller ones, each durable and acknowledged before the next. */
const inSmallCalls = (intake: Intake): Intake => ({
  ...intake,
  accept: async (events) => {
    let last = await intake.accept(events.slice(0, FACTS_A_BULK_CALL));
    for (let from = FACTS_A_BULK_CALL; E.isRight(last) && from < events.length; from += FACTS_A_BULK_CALL)
      last = await intake.accept(events.slice(from, from + FACTS_A_BULK_CALL));
    return last;
  },
});

const main = async (): Promise<void> => {
  // Who is killed leaves nothing compiled for the next one, except what it has written by then.
  flushCompileCache();
  const settings = must(settingsOf({ store: eventStore, clock }));
  const signal = new AbortController().signal;
  const source = openNdjson({ path: file });
  if (mode === 'bulk') {
    const { intake, close } = must(await openIntakeOnly(settings));
    must(await takeIn(inSmallCalls(acknowledging(intake)), source, { shown: false, signal }));
    return close();
  }
  const afecto = must(await openAfecto(settings));
  const intake = acknowledging(afecto.intake);
  let call: unknown[] = [];
  for await (const fact of source.facts) {
    if (call.push(fact) < FACTS_A_CALL) continue;
    const { position } = must(await intake.accept(call));
    call = [];
    // Half of the time the projections are behind when the process is killed, half of the time they are not.
    if (position % 2n === 0n) await afecto.projections.waitFor(position, 10_000);
  }
  const { position } = must(await intake.accept(call));
  await afecto.projections.waitFor(position, 60_000);
  await afecto.close();
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
