import {
  compareFacts,
  DAY_MS,
  defaultConfiguration,
  emptyEvidence,
  type Evidence,
  evolve,
  type Fact,
  type FactData,
  type FactOf,
  type FactType,
  type Instant,
} from '@afecto/domain';

/** Day 0 of test histories. */
const START: Instant = Date.parse('2024-01-01T00:00:00.000Z');
export const onDay = (days: number): Instant => START + Math.round(days * DAY_MS);

const fact = <T extends FactType>(
  type: T,
  partyId: string,
  id: string,
  days: number,
  data: FactData[T],
): FactOf<T> => ({
  eventId: `${partyId}-${id}`,
  type,
  schemaVersion: 1,
  streamId: id,
  occurredAt: onDay(days),
  recordedAt: onDay(days),
  source: 'test',
  id,
  subjects: [partyId],
  actor: { kind: 'system', id: 'test' },
  data,
});

export interface OrderDraft {
  readonly day: number;
  /** Default 100.00. */
  readonly netMinor?: number;
  /** Default books. */
  readonly lines?: ReadonlyArray<string>;
  /** The day on which all of it, or `minor` of it, was taken back. */
  readonly reversed?: { readonly day: number; readonly minor?: number };
}

export interface CustomerDraft {
  readonly partyId?: string;
  /** Default the day of the first order; null: never. */
  readonly registeredOn?: number | null;
  readonly orders: ReadonlyArray<OrderDraft>;
}

const factsOf = ({ partyId = 'p1', orders, registeredOn = orders[0]?.day ?? 0 }: CustomerDraft): Fact[] => [
  ...(registeredOn === null
    ? []
    : [
        fact('PartyRegistered', partyId, 'registered', registeredOn, {
          partyId,
          kind: 'person',
          displayName: 'Ada',
          source: 'test',
        }),
      ]),
  ...orders.flatMap(({ day, netMinor = 10_000, lines = ['books'], reversed }, index) => {
    const orderId = `${partyId}-o${index}`;
    const each = netMinor / lines.length;
    const placed = fact('OrderPlaced', partyId, orderId, day, {
      orderId,
      partyId,
      channel: 'web',
      lines: lines.map((productLine) => ({ sku: productLine, productLine, qty: 1, listMinor: each, netMinor: each })),
      totalNetMinor: netMinor,
      currency: 'GBP',
      appliedPreferenceIds: [],
    });
    return reversed === undefined
      ? [placed]
      : [
          placed,
          fact('OrderReversed', partyId, `${orderId}-back`, reversed.day, {
            orderId,
            kind: 'returned',
            amountMinor: reversed.minor ?? netMinor,
            reason: 'test',
          }),
        ];
  }),
];

/** The evidence of a customer at a day, folded from facts under the default configuration. */
export const evidenceOn = (draft: CustomerDraft, day: number): Evidence => {
  const evidence = emptyEvidence(draft.partyId ?? 'p1', [], defaultConfiguration);
  for (const known of factsOf(draft).sort(compareFacts)) if (known.occurredAt <= onDay(day)) evolve(evidence, known);
  return evidence;
};
