import { openReadOnlyStore } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { type Accepted, acceptedOf, BATCH_SIZE, batches } from './batches';
import { besideBare } from './beside-bare';
import { type Figure, type MeasureOptions, ROUNDS } from './figure';
import type { WireClient } from './wire-client';

const PARTIES = 2_000;
const CONNECTIONS = 16;
const WARM_UP = 300;

interface Sent {
  readonly accepted: number;
  readonly position: bigint;
}

/** Sends requests over all connections, each as soon as the one before is answered. */
export const sendAll = async (client: WireClient, requests: ReadonlyArray<Buffer>): Promise<Sent> => {
  let [accepted, position] = [0, 0n];
  await Promise.all(
    requests.map(async (request) => {
      const answer: Accepted = acceptedOf(await client.expect200(request));
      accepted += answer.accepted;
      if (answer.position > position) position = answer.position;
    }),
  );
  return { accepted, position };
};

/** What is in the log of a server that was killed, against what it had answered. */
const requireAll = async (log: string, sent: Sent): Promise<void> => {
  const opened = await openReadOnlyStore({ eventStore: `sqlite:${log}`, readModels: `${log}.none`, now: Date.now });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  let events = 0;
  for await (const page of opened.right.readTexts({ pageSize: 2_000 })) events += page.length;
  const head = await opened.right.head();
  await opened.right.close();
  if (head < sent.position || events < sent.accepted)
    throw new Error(`answered ${sent.accepted} facts up to ${sent.position}; the log has ${events} up to ${head}`);
};

const rateOf = async (client: WireClient, requests: ReadonlyArray<Buffer>): Promise<readonly [number, Sent]> => {
  const start = performance.now();
  const sent = await sendAll(client, requests);
  return [(sent.accepted * 1_000) / (performance.now() - start), sent];
};

/**
 * Facts a second through `POST /v1/events` in batches of 15 over 16 connections, projections running
 * beside; the load comes from this process. At the end the server is killed with -9 in the middle of
 * more, and everything that it had answered must be in the log. Raw: Node's own server, the same batches, one
 * row an event.
 */
export const measureIntake = async ({
  entry,
  signal,
  say,
  rounds = ROUNDS,
  facts = 40_000,
}: MeasureOptions & { readonly facts?: number }): Promise<Figure> => {
  const count = Math.ceil(facts / BATCH_SIZE);
  const bodies = (round: number): ReadonlyArray<Buffer> =>
    batches((WARM_UP + round * count) * BATCH_SIZE, count, PARTIES);
  return besideBare({ entry, signal, connections: CONNECTIONS }, async ({ ours, bare, stop }) => {
    for (const client of [bare, ours]) await sendAll(client, batches(0, WARM_UP, PARTIES));
    const [rates, raw]: [number[], number[]] = [[], []];
    let sent: Sent = { accepted: WARM_UP * BATCH_SIZE, position: 0n };
    const add = (more: Sent): void => {
      sent = { accepted: sent.accepted + more.accepted, position: more.position };
    };
    for (let round = 0; round < rounds; round += 1) {
      say(`facts over HTTP, round ${round + 1}`);
      const requests = bodies(round);
      const [rate, taken] = await rateOf(ours, requests);
      rates.push(rate);
      add(taken);
      raw.push((await rateOf(bare, requests))[0]);
    }
    say('facts over HTTP, killed in the middle');
    const answered: Accepted[] = [];
    let ended: Promise<string> | null = null;
    const outcomes = bodies(rounds).map(async (request) => {
      answered.push(acceptedOf(await ours.expect200(request)));
      if (answered.length > count / 4) ended ??= stop('SIGKILL');
    });
    await Promise.allSettled(outcomes);
    add({
      accepted: answered.reduce((sum, { accepted }) => sum + accepted, 0),
      position: answered.reduce((most, { position }) => (position > most ? position : most), sent.position),
    });
    await requireAll(await (ended ?? stop('SIGKILL')), sent);
    return {
      unit: 'facts/s',
      rounds: rates,
      raw,
      note: `${sent.accepted.toLocaleString('en-GB')} answered, all in the log after kill -9`,
    };
  });
};
