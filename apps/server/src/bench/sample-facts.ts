/** All of it has just happened: what comes in live is at most minutes old. */
const START = Date.now() - 60 * 60_000;
/** Between two facts of one customer. */
const STEP_MS = 60_000;

const envelope = (sequence: number, type: string, time: number, partyId: string, data: object) => ({
  specversion: '1.0',
  id: `fact-${sequence}`,
  source: 'bench',
  type,
  time: new Date(time).toISOString(),
  subject: partyId,
  data,
});

/** What a busy hour brings of one customer, a fact a minute: contacts, orders, answers. */
const factOf = (sequence: number, partyId: string, step: number): object => {
  const time = Math.min(Date.now(), START + step * STEP_MS + (sequence % 1_000));
  switch (step % 5) {
    case 0:
      return envelope(sequence, 'InteractionRecorded', time, partyId, {
        partyId,
        direction: 'inbound',
        channel: 'phone',
        purpose: 'information',
        topicCode: 'availability',
        startedAt: new Date(time).toISOString(),
        outcome: 'completed',
        waitSeconds: 20,
      });
    case 1:
      return envelope(sequence, 'OrderPlaced', time, partyId, {
        orderId: `order-${sequence}`,
        partyId,
        channel: 'web',
        lines: [{ sku: 'sku-1', productLine: 'phones', qty: 1, listMinor: 12_000, netMinor: 11_000, costMinor: 7_000 }],
        totalNetMinor: 11_000,
        currency: 'EUR',
      });
    case 2:
      return envelope(sequence, 'SurveyAnswered', time, partyId, {
        partyId,
        instrument: 'nps',
        score: sequence % 11,
        scaleMin: 0,
        scaleMax: 10,
      });
    case 3:
      return envelope(sequence, 'PreferenceRecorded', time, partyId, {
        partyId,
        preferenceId: `preference-${sequence}`,
        kind: 'need',
        key: 'fast_delivery',
        value: 'before noon',
        origin: 'stated',
        horizon: 'current',
      });
    default:
      return envelope(sequence, 'CostToServeRecorded', time, partyId, {
        partyId,
        amountMinor: 150,
        activity: 'call',
        periodFrom: '2026-01-01',
        periodTo: '2026-01-31',
      });
  }
};

export const partyOf = (index: number): string => `party-${index}`;

/** `count` different facts over `parties` customers, from number `from` on, in their order of time per customer. */
export const sampleFacts = (from: number, count: number, parties: number): ReadonlyArray<object> =>
  Array.from({ length: count }, (_, index) => {
    const sequence = from + index;
    return factOf(sequence, partyOf(sequence % parties), Math.floor(sequence / parties));
  });
