import { type NewFact, toNewEvent } from '@afecto/domain';
import type { StoredEvent } from '@afecto/event-store';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { ledgerFactOfText, passedOver, placedFact, readEvent } from './ledger-entry';
import { envelopeOf, envelopeOfText } from './read-fact';

const stored = (fact: NewFact, change: Partial<StoredEvent> = {}): StoredEvent => {
  const { id, type, data, metadata } = toNewEvent(fact);
  return { id, type, data, metadata, streamId: fact.streamId, revision: 0, position: 7n, recordedAt: 1, ...change };
};

const textOf = (event: StoredEvent) => ({
  ...event,
  data: JSON.stringify(event.data),
  metadata: JSON.stringify(event.metadata),
});

const [reviewed] = fc.sample(arbitraryFactOf(['PortfolioReviewed']), { numRuns: 1, seed: 1 });
const [identified] = fc.sample(arbitraryFactOf(['PartyIdentified']), { numRuns: 1, seed: 1 });
const [merged] = fc.sample(arbitraryFactOf(['PartiesMerged']), { numRuns: 1, seed: 1 });
const [ordered] = fc.sample(arbitraryFactOf(['OrderPlaced']), { numRuns: 1, seed: 1 });
if (!reviewed || !identified || !merged || !ordered) throw new Error('no samples');

const future = (fact: NewFact): StoredEvent => {
  const event = stored(fact);
  return { ...event, metadata: { ...event.metadata, schemaVersion: 99 } };
};

describe('the envelope in a text', () => {
  it('is that of the parsed metadata, as facts are written and in any other shape', () => {
    const name = fc.oneof(fc.constantFrom('schemaVersion', 'occurredAt', 'subjects', 'actor'), fc.string());
    const value = fc.oneof(
      fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-13-01T00:00:00.000Z', '2026-01-01', 1),
      fc.array(fc.oneof(fc.constantFrom('p1', 'p"2', 'p\\', '","'), fc.string()), { maxLength: 9 }),
      fc.dictionary(name, fc.constantFrom('2026-01-02T00:00:00.000Z', ['p3'])),
    );
    const inOrder = fc
      .tuple(fc.nat(), value, value, fc.dictionary(name, value))
      .map(([schemaVersion, occurredAt, subjects, rest]) => ({
        schemaVersion,
        occurredAt,
        subjects,
        actor: rest,
        ...rest,
      }));
    const written = arbitraryFactOf().map((fact) => toNewEvent(fact).metadata);
    fc.assert(
      fc.property(fc.oneof(written, inOrder, fc.dictionary(name, value)), (metadata) => {
        expect(envelopeOfText(JSON.stringify(metadata))).toEqual(envelopeOf(metadata));
      }),
      { numRuns: 500 },
    );
  });

  it('takes the latter of a name that comes twice', () => {
    const text = '{"schemaVersion":1,"occurredAt":"2026-01-01T00:00:00.000Z","subjects":["p1"],"subjects":["p2"]}';
    expect(envelopeOfText(text)).toEqual({ occurredAt: Date.UTC(2026, 0, 1), subjects: ['p2'] });
  });
});

describe('reading an event', () => {
  it('finds every fact of the catalogue, and its place, as they were written', () => {
    fc.assert(
      fc.property(arbitraryFactOf(), (fact) => {
        const event = stored(fact);
        const expected = { position: 7n, revision: 0, fact: { ...fact, recordedAt: Math.min(1, fact.recordedAt) } };
        expect(placedFact(event)).toEqual(expected);
        const { occurredAt, subjects } = fact;
        expect(ledgerFactOfText(textOf(event))).toMatchObject({ position: 7n, occurredAt, subjects });
        expect(passedOver(textOf(event))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('leaves events of other applications alone', () => {
    const other = stored(ordered, { type: 'LoyaltyZoneChanged', metadata: {} });
    expect([readEvent(other), ledgerFactOfText(textOf(other)), passedOver(textOf(other))]).toEqual([null, null, null]);
  });

  it.each([
    ['a version of the future', future(ordered), '/metadata/schemaVersion'],
    ['content that is no record', stored(ordered, { data: 'AAECAw==' }), '/data'],
    [
      'identifiers that are none',
      stored(identified, { data: { partyId: 'p1', identifiers: [{ scheme: 7 }] } }),
      '/data/identifiers',
    ],
  ])('of %s holds back its parties, and keeps its place in their ledger', (_kind, event, path) => {
    const [subject] = Array.isArray(event.metadata['subjects']) ? event.metadata['subjects'] : [];
    const read = readEvent(event);
    expect(read).toMatchObject(E.left({ position: 7n, parties: expect.arrayContaining([subject]) }));
    expect(JSON.stringify(read !== null && E.isLeft(read) ? read.left.error : '')).toContain(path);
    expect(ledgerFactOfText(textOf(event))).toMatchObject({ position: 7n, world: false });
  });

  it.each([
    ['a policy of the future', future(reviewed)],
    ['a link of the future', future(merged)],
    ['no time', stored(ordered, { metadata: { ...stored(ordered).metadata, occurredAt: 'yesterday' } })],
    ['no parties', stored(ordered, { metadata: { ...stored(ordered).metadata, subjects: 'p1' } })],
    ['parties that are none', stored(ordered, { metadata: { ...stored(ordered).metadata, subjects: [{}] } })],
    [
      'an empty list of parties and no content',
      stored(ordered, { data: [], metadata: { ...stored(ordered).metadata, subjects: [] } }),
    ],
    ['no metadata', stored(ordered, { metadata: {} })],
  ])('of %s holds back nobody, and is passed over', (_kind, event) => {
    expect(readEvent(event)).toMatchObject(E.left({ position: 7n, parties: [] }));
    expect(ledgerFactOfText(textOf(event))).toBeNull();
    expect(passedOver(textOf(event))).toMatchObject({ position: 7n, parties: [] });
  });
});
