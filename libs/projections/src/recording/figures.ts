import type { Figures, FiguresQuestion, JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { isoOrNull } from '../iso';
import { partsOf, prefixOf } from '../tally/contribute';
import { lastDayOf, monthsOf } from '../tally/months';
import { REPORT } from './contribution';
import type { Matter } from './origins';
import { instantsOf, type MatterSum, matterSums, sumsUnder } from './sums';

/** Orphans shown at most, the newest first. */
const SHOWN = 100;

/** Contacts that there must have been, and those that are in the log. */
interface Recording {
  expected: number;
  recorded: number;
}

const add = (groups: Map<string, Recording>, group: string, many: number, isRecorded: boolean): void => {
  let known = groups.get(group);
  if (known === undefined) groups.set(group, (known = { expected: 0, recorded: 0 }));
  known.expected += many;
  if (isRecorded) known.recorded += many;
};

const shown = ({ expected, recorded }: Recording) => ({ expected, recorded, rate: share(recorded, expected) });

const listed = (name: string, groups: ReadonlyMap<string, Recording>): ReadonlyArray<JsonObject> =>
  [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, group]) => ({ [name]: value, ...shown(group) }));

const originsOf = (sums: ReadonlyArray<MatterSum>, matter: Matter): JsonObject => {
  const of = (origin?: string): number =>
    sums.reduce(
      (sum, one) => (one.matter === matter && one.origin === (origin ?? one.origin) ? sum + one.many : sum),
      0,
    );
  return { all: of(), withContact: of('contact'), bySystems: of('system'), orphans: of('none') };
};

/** The newest orphans of the window, month by month, so that many of them cost no more than a list of a hundred. */
const newestOrphans = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const { readModels, days, policy } = question;
  const { from, to } = instantsOf(question);
  const found: { readonly at: number; readonly many: number; readonly parts: ReadonlyArray<string> }[] = [];
  for (const month of monthsOf(days).toReversed()) {
    const whole = instantsOf({ policy, days: { from: lastDayOf(month - 1) + 1, to: lastDayOf(month) } });
    const range = { from: Math.max(from, whole.from), to: Math.min(to, whole.to) };
    for (const [key] of await readModels.tallySums(prefixOf(REPORT, 'orphan'), range))
      for (const [at, many] of await readModels.tallyBuckets(key, range))
        found.push({ at, many, parts: partsOf(key).slice(1) });
    if (found.length >= SHOWN) break;
  }
  return found
    .sort((one, other) => other.at - one.at || (one.parts.join() < other.parts.join() ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ at, many, parts: [matter = '', by = '', recorder = '', channel = ''] }) => ({
      at: isoOrNull(at),
      matter,
      recordedBy: { kind: by, id: recorder },
      channel,
      count: many,
    }));
};

/**
 * PR18 (`domain.md §10.10`, §18 rows 118, 134): requests and complaints without a contact behind them, and
 * the share of contacts that are recorded of those that must have taken place: an agent's requests and
 * complaints, and items ended with an outcome that a contact alone can have.
 */
export const recordingFigures: Figures = {
  code: 'PR18',
  name: REPORT,
  title: 'Contacts recorded of those that must have been, by agent and channel; requests and complaints without one',
  read: async (question) => {
    const sums = await matterSums(question);
    const all: Recording = { expected: 0, recorded: 0 };
    const byAgent = new Map<string, Recording>();
    const byChannel = new Map<string, Recording>();
    const see = (agentId: string, channel: string, many: number, isRecorded: boolean): void => {
      all.expected += many;
      if (isRecorded) all.recorded += many;
      add(byAgent, agentId, many, isRecorded);
      add(byChannel, channel, many, isRecorded);
    };
    for (const { by, recorder, channel, origin, many } of sums)
      if (by === 'agent') see(recorder, channel, many, origin !== 'none');
    for (const [[agentId = '', channel = '', behind = ''], many] of await sumsUnder(question, 'work'))
      see(agentId, channel, many, behind === 'contact');
    return {
      requests: originsOf(sums, 'request'),
      complaints: originsOf(sums, 'complaint'),
      orphans: await newestOrphans(question),
      contacts: shown(all),
      byAgent: listed('agent', byAgent),
      byChannel: listed('channel', byChannel),
    };
  },
};
