import { channels } from '@afecto/domain';
import { type Figures, type FiguresQuestion, isAsked, type JsonObject } from '../figures/definition';
import { keyOf } from '../tally/contribute';
import { sizeOf } from '../tally/distribution';
import { monthName, monthOfDay } from '../tally/months';
import { percentilesOfAll } from '../tally/percentiles';
import { sumsIn } from '../tally/window';
import { REPORT } from './contribution';
import { channelStatus, experienceGap, momentStatus, type Satisfaction } from './judgement';
import { isSelfService } from './kinds';
import { momentNameOf, momentNames } from './moments';

const MILLI = 1_000;

/** What was counted under one part of the report: by what stands first there, and then by what stands next. */
type Sums = ReadonlyMap<string, ReadonlyMap<string, number>>;

const sumsOf = async (part: string, { readModels, days }: FiguresQuestion): Promise<Sums> => {
  const found = new Map<string, Map<string, number>>();
  for (const [[of = '', what = ''], count] of await sumsIn(readModels, days, REPORT, part)) {
    let counts = found.get(of);
    if (counts === undefined) found.set(of, (counts = new Map()));
    counts.set(what, (counts.get(what) ?? 0) + count);
  }
  return found;
};

const none: ReadonlyMap<string, number> = new Map();
const countIn = (sums: Sums, of: string, what: string): number => sums.get(of)?.get(what) ?? 0;
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const satisfactionOf = (counts: ReadonlyMap<string, number>, measure: 'csat' | 'ces' = 'csat'): Satisfaction => ({
  answers: counts.get(`${measure}:answers`) ?? 0,
  topTwo: counts.get(`${measure}:topTwo`) ?? 0,
  topBox: counts.get(`${measure}:topBox`) ?? 0,
  milli: counts.get(`${measure}:milli`) ?? 0,
});

const answersOf = (counts: ReadonlyMap<string, number>): JsonObject => {
  const [csat, ces] = [satisfactionOf(counts), satisfactionOf(counts, 'ces')];
  return {
    csat: {
      answers: csat.answers,
      mean: ratio(csat.milli / MILLI, csat.answers),
      topTwoShare: ratio(csat.topTwo, csat.answers),
      topBoxShare: ratio(csat.topBox, csat.answers),
    },
    ces: {
      answers: ces.answers,
      mean: ratio(ces.milli / MILLI, ces.answers),
      easyShare: ratio(ces.topBox, ces.answers),
    },
  };
};

/** Waits on some channels in the months that the window touches: a percentile needs each wait, not only their sum. */
export const waitsIn = async (
  { readModels, days }: Pick<FiguresQuestion, 'readModels' | 'days'>,
  of: ReadonlyArray<string> = channels,
): Promise<JsonObject> => {
  const months = { from: monthOfDay(days.from), to: monthOfDay(days.to) };
  const groups = of.map((channel) => ['wait', channel]);
  const { values, at } = await percentilesOfAll(readModels, months, [0.5, 0.9], REPORT, groups);
  let waited = 0;
  for (const channel of of) waited += sizeOf(await readModels.tallyBuckets(keyOf(REPORT, 'waited', channel), months));
  return {
    months: { from: monthName(months.from), to: monthName(months.to) },
    contacts: values,
    meanSeconds: ratio(waited, values),
    p50Seconds: at[0] ?? null,
    p90Seconds: at[1] ?? null,
  };
};

/** Share of inbound contacts and of orders that came online, by calendar month. */
const onlineTrend = async ({ readModels, days }: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const range = { from: monthOfDay(days.from), to: monthOfDay(days.to) };
  const byMonth = async (what: string, where: string): Promise<ReadonlyMap<number, number>> =>
    new Map(await readModels.tallyBuckets(keyOf(REPORT, 'online', what, where), range));
  const [contacts, otherContacts] = [await byMonth('contacts', 'online'), await byMonth('contacts', 'other')];
  const [orders, otherOrders] = [await byMonth('orders', 'online'), await byMonth('orders', 'other')];
  const months = new Set([contacts, otherContacts, orders, otherOrders].flatMap((counts) => [...counts.keys()]));
  return [...months]
    .sort((one, other) => one - other)
    .map((month) => {
      const [online, onlineOrders] = [contacts.get(month) ?? 0, orders.get(month) ?? 0];
      return {
        month: monthName(month),
        contactShare: ratio(online, online + (otherContacts.get(month) ?? 0)),
        orderShare: ratio(onlineOrders, onlineOrders + (otherOrders.get(month) ?? 0)),
      };
    });
};

const placeOf = (hit: {
  readonly rule: string;
  readonly channel: string;
  readonly earlierChannel: string | null;
}): string => `${hit.rule} ${hit.channel} ${hit.earlierChannel ?? ''}`;

/** Contacts of the window, both ways. */
export const contactsIn = async ({ readModels, days }: FiguresQuestion): Promise<number> =>
  (await sumsIn(readModels, days, REPORT, 'contact')).reduce((sum, [, count]) => sum + count, 0);

const inconsistencies = async ({ readModels, days }: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> =>
  (await sumsIn(readModels, days, REPORT, 'inconsistent'))
    .map(([[rule = '', channel = '', earlier = ''], count]) => ({
      rule,
      channel,
      earlierChannel: earlier === '' ? null : earlier,
      count,
    }))
    .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));

const hitsOf = (rule: string, hits: ReadonlyArray<JsonObject>): number =>
  hits.reduce((sum, hit) => sum + (hit['rule'] === rule && typeof hit['count'] === 'number' ? hit['count'] : 0), 0);

const totalOf = (sums: Sums): number =>
  [...sums.values()].reduce((sum, counts) => sum + [...counts.values()].reduce((all, count) => all + count, 0), 0);

const wrongAnswersOf = async (found: ReadonlyArray<JsonObject>, question: FiguresQuestion): Promise<JsonObject> => {
  const hits = hitsOf('CX2', found);
  return { hits, wrongAnswerRate: ratio(hits, totalOf(await sumsOf('answered', question))) };
};

/** Answers that contradict an earlier one (CX2), and their share of all that were given in the window. */
export const wrongAnswersIn = async (question: FiguresQuestion): Promise<JsonObject> =>
  wrongAnswersOf(await inconsistencies(question), question);

/** Contacts on the channels of which the document says what one costs, and their mean cost (`domain.md §4.4`). */
const costOfContacts = (
  priced: ReadonlyArray<string>,
  volumeOf: (channel: string) => number,
  costOf: (channel: string) => number,
): JsonObject => {
  const contacts = priced.reduce((sum, channel) => sum + volumeOf(channel), 0);
  const costMinor = priced.reduce((sum, channel) => sum + costOf(channel), 0);
  return { contacts, costMinor, perContactMinor: ratio(costMinor, contacts) };
};

/** The catalogue, then the tenant's own that were lived through in the window or answered about in it. */
const momentCodes = (moments: Sums, about: Sums): ReadonlyArray<string> => [
  ...Object.keys(momentNames),
  ...[...new Set([...moments.keys(), ...about.keys()])].filter((code) => momentNameOf(code) === null).sort(),
];

/**
 * Channels and moments of truth (PR13, `domain.md §4.3`, §4.4): counts by the day of the contact, moment
 * or decision, answers by the day they were given, each once; waits and the online trend by whole
 * calendar months that the window touches. Shares are 0..1, waits seconds, means points of the scale.
 */
export const channelsFigures: Figures = {
  code: 'PR13',
  name: 'channels-moments',
  title: 'Health of channels, moments of truth, and contradictions between channels',
  read: async (question) => {
    const contacts = await sumsOf('contact', question);
    const requests = await sumsOf('request', question);
    const served = await sumsOf('served', question);
    const answers = await sumsOf('channel', question);
    const moments = await sumsOf('moment', question);
    const about = await sumsOf('about', question);
    const everything = await sumsOf('all', question);
    const all = new Map(
      [...everything].flatMap(([what, counts]) => [...counts.values()].map((count) => [what, count])),
    );
    const tenant = satisfactionOf(all);
    const volumeOf = (channel: string): number =>
      countIn(contacts, channel, 'inbound') + countIn(contacts, channel, 'outbound');
    const volume = channels.reduce((sum, channel) => sum + volumeOf(channel), 0);
    const { contactCosts = [] } = question.policy.configuration;
    const unitCosts = new Map<string, number>(contactCosts.map(({ channel, costMinor }) => [channel, costMinor]));
    const costOf = (channel: string): number => volumeOf(channel) * (unitCosts.get(channel) ?? 0);
    const health: JsonObject[] = [];
    for (const channel of channels) {
      const counts = answers.get(channel) ?? none;
      if (volumeOf(channel) === 0 && counts.size === 0 && !requests.has(channel)) continue;
      const service = { met: countIn(requests, channel, 'met'), missed: countIn(requests, channel, 'missed') };
      const solved = countIn(requests, channel, 'solved');
      const contained = countIn(served, channel, 'contained');
      health.push({
        channel,
        volume: volumeOf(channel),
        inbound: countIn(contacts, channel, 'inbound'),
        share: ratio(volumeOf(channel), volume),
        // What the tenant says that a contact costs there; null where it says nothing.
        costPerContactMinor: unitCosts.get(channel) ?? null,
        costMinor: unitCosts.has(channel) ? costOf(channel) : null,
        ...(isAsked(question, 'channels') ? { wait: await waitsIn(question, [channel]) } : {}),
        ...answersOf(counts),
        requests: { ...service, solved },
        serviceLevelMetShare: ratio(service.met, service.met + service.missed),
        firstContactResolutionShare: ratio(countIn(requests, channel, 'firstContact'), solved),
        containmentShare: isSelfService(channel)
          ? ratio(contained, contained + countIn(served, channel, 'assisted'))
          : null,
        status: channelStatus(satisfactionOf(counts), tenant, service),
      });
    }
    const hits = await inconsistencies(question);
    const gap = experienceGap(new Map([...answers].map(([channel, counts]) => [channel, satisfactionOf(counts)])));
    const wrongAnswers = await wrongAnswersOf(hits, question);
    const inbound = channels.reduce((sum, channel) => sum + countIn(contacts, channel, 'inbound'), 0);
    return {
      volume,
      cost: costOfContacts(
        channels.filter((channel) => unitCosts.has(channel)),
        volumeOf,
        costOf,
      ),
      tenant: answersOf(all),
      channels: health,
      ...(isAsked(question, 'onlineTrend') ? { onlineTrend: await onlineTrend(question) } : {}),
      moments: momentCodes(moments, about).map((code) => {
        const counts = about.get(code) ?? none;
        return {
          code,
          moment: momentNameOf(code),
          count: countIn(moments, code, ''),
          ...answersOf(counts),
          status: momentStatus(satisfactionOf(counts), tenant),
        };
      }),
      consistency: {
        CX1: { hits: hitsOf('CX1', hits) },
        CX2: wrongAnswers,
        CX3: { hits: hitsOf('CX3', hits), rate: ratio(hitsOf('CX3', hits), inbound) },
        CX4: gap === null ? null : { ...gap },
        CX5: 'Every channel reads the same profile: at one position it is equal to the last byte.',
        byChannel: hits,
      },
    };
  },
};
