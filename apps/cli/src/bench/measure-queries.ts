import { join } from 'node:path';
import { DAY_MS, toIso } from '@afecto/domain';
import { type Figure, measureQueries as measureServedQueries } from '@afecto/server';
import type { CloudEvent } from '../import';
import { PROPOSITION, PROSPECTS_SEGMENT } from '../simulator/demo-configuration';
import type { BenchRun } from './bench-run';
import { inProcess } from './child-process';
import { inFolder } from './in-folder';
import { fillLog, type History, largeHistory } from './log-file';

const FACTS = 20_000;
const FACTS_A_PARTY = 10;
const CAMPAIGNS = 4;
const CAMPAIGN_DAYS = 90;
/** The synthetic history begins so long before its end, with what comes before first orders. */
const HISTORY_DAYS = 374 + 60;

/** One campaign a quarter, the last one under way: figures of campaigns have something to read. */
const campaigns = (endsAt: number): ReadonlyArray<CloudEvent> =>
  Array.from({ length: CAMPAIGNS }, (_, index): CloudEvent => {
    const from = endsAt - (CAMPAIGNS - index) * CAMPAIGN_DAYS * DAY_MS + DAY_MS;
    const campaignId = `campaign-${index + 1}`;
    return {
      specversion: '1.0',
      id: campaignId,
      source: 'bench',
      type: 'CampaignLaunched',
      time: toIso(from),
      data: {
        campaignId,
        name: `Quarter ${index + 1}`,
        objective: 'first orders',
        segmentId: PROSPECTS_SEGMENT,
        propositionId: PROPOSITION,
        channels: ['email', 'phone'],
        startsAt: toIso(from),
        endsAt: toIso(from + CAMPAIGN_DAYS * DAY_MS),
        budgetMinor: 1_000_000,
        holdoutPct: 10,
        warningAcknowledged: false,
      },
    };
  });

function* withCampaigns({ facts, endsAt }: History): Generator<unknown> {
  yield* facts;
  yield* campaigns(endsAt);
}

/**
 * Every query of figures, reports and views over a synthetic history that has been reviewed, served by a
 * process of its own from read models that were built before (`--facts`, default 20 000; ten a party).
 */
export const measureQueries = (run: BenchRun): Promise<Figure> =>
  inFolder(async (folder) => {
    const { signal, say } = run;
    const facts = run.facts ?? FACTS;
    const history = largeHistory(facts, run.parties ?? Math.ceil(facts / FACTS_A_PARTY), folder);
    const { endsAt } = history;
    return measureServedQueries({
      entry: join(__dirname, '..', '..', '..', 'server', 'src', 'main.js'),
      signal,
      say,
      clock: endsAt,
      startsAt: endsAt - HISTORY_DAYS * DAY_MS,
      prepare: async (log) => {
        await fillLog(log, { facts: withCampaigns(history), endsAt }, run);
        say('queries: building and reviewing');
        await inProcess({ kind: 'review', eventStore: `sqlite:${log}`, now: endsAt }, signal);
      },
    });
  });
