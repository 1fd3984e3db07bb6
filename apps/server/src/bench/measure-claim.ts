import { openIntakeOnly } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { postOf } from './batches';
import { besideBare } from './beside-bare';
import { percentile } from './client';
import { type Figure, type MeasureOptions, ROUNDS } from './figure';
import { sampleFacts } from './sample-facts';
import { type WireClient, wireRequest } from './wire-client';

const FACTS_A_CALL = 2_000;
const OPEN_SPREAD_MS = 60 * 60_000;
const CLAIMS_A_ROUND = 300;
/** A round ends after this long, however few claims it has seen. */
const ROUND_MS = 4_000;
const WARM_UP_MS = 1_000;
const QUEUE = 'manage-dissatisfaction';

const complaint = (index: number, items: number): object => {
  const time = new Date(Date.now() - OPEN_SPREAD_MS + Math.floor((index / items) * (OPEN_SPREAD_MS - 60_000)));
  return {
    specversion: '1.0',
    id: `complaint-${index}`,
    source: 'bench',
    type: 'ComplaintReceived',
    time: time.toISOString(),
    subject: `party-${index}`,
    data: {
      complaintId: `complaint-${index}`,
      partyId: `party-${index}`,
      channel: 'email',
      category: 'product_quality',
      severity: 1 + (index % 4),
    },
  };
};

/** A log in which each of `items` customers has complained. */
const fill = async (log: string, items: number): Promise<void> => {
  const opened = await openIntakeOnly({
    eventStore: `sqlite:${log}`,
    readModels: `${log}.none`,
    quarantine: `${log}.quarantine`,
    now: Date.now,
  });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  for (let from = 0; from < items; from += FACTS_A_CALL) {
    const facts = Array.from({ length: Math.min(FACTS_A_CALL, items - from) }, (_, index) =>
      complaint(from + index, items),
    );
    const taken = await opened.right.intake.accept(facts);
    if (E.isLeft(taken)) throw new Error(taken.left.message);
  }
  await opened.right.close();
};

const openItems = async (client: WireClient): Promise<number> => {
  const answer: unknown = JSON.parse((await client.expect200(wireRequest('GET', '/v1/queues'))).toString());
  if (typeof answer !== 'object' || answer === null || !('queues' in answer) || !Array.isArray(answer.queues))
    throw new Error('the figures of the queues have another shape');
  const queues: ReadonlyArray<{ readonly activity?: string; readonly open?: number }> = answer.queues;
  return queues.find(({ activity }) => activity === QUEUE)?.open ?? 0;
};

/** Milliseconds of steps one after another, until enough or too long. */
const oneByOne = async (step: () => Promise<unknown>, roundMs = ROUND_MS): Promise<ReadonlyArray<number>> => {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < CLAIMS_A_ROUND && performance.now() - start < roundMs) {
    const asked = performance.now();
    await step();
    times.push(performance.now() - asked);
  }
  return times;
};

/**
 * p99 of `POST /v1/queues/…/claims` from a queue of 100 000 open complaints, one after another, each for an
 * agent of its own. Raw: one event POSTed to Node's own server, which commits one row.
 */
export const measureClaim = async ({
  entry,
  signal,
  say,
  rounds = ROUNDS,
  items = 100_000,
}: MeasureOptions & { readonly items?: number }): Promise<Figure> => {
  say(`claim: filling a queue of ${items} items`);
  return besideBare({ entry, signal, connections: 1, prepare: (log) => fill(log, items) }, async ({ ours, bare }) => {
    const open = await openItems(ours);
    let agents = 0;
    const claim = () =>
      ours.expect200(
        wireRequest(
          'POST',
          `/v1/queues/${QUEUE}/claims`,
          'application/json',
          Buffer.from(JSON.stringify({ agentId: `agent-${(agents += 1)}` })),
        ),
      );
    const one = postOf(Buffer.from(JSON.stringify(sampleFacts(0, 1, 1))));
    const [times, raw]: [number[], number[]] = [[], []];
    await oneByOne(claim, WARM_UP_MS);
    await oneByOne(() => bare.expect200(one), WARM_UP_MS);
    let claims = 0;
    for (let round = 0; round < rounds; round += 1) {
      say(`claim, round ${round + 1}`);
      const measured = await oneByOne(claim);
      claims += measured.length;
      times.push(percentile(measured, 0.99));
      raw.push(percentile(await oneByOne(() => bare.expect200(one)), 0.99));
    }
    return { unit: 'ms', rounds: times, raw, note: `${claims} claims of ${open.toLocaleString('en-GB')} open items` };
  });
};
