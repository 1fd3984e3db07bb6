import * as fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { arbitraryFactOf } from './arbitrary';
import { factTypes } from './catalogue';
import { decodeCloudEvent } from './cloud-events';
import type { Fact } from './envelope';
import { toCloudEvent } from './published';
import { samples } from './samples';
import { decodeStored, factFromStored, type NewFact, type StoredFactEvent, toNewEvent } from './stored';

const appended = (fact: NewFact, recordedAt: number): StoredFactEvent & { readonly position: bigint } => {
  const { id, type, data, metadata } = toNewEvent(fact);
  const kept: unknown = JSON.parse(JSON.stringify({ data, metadata }));
  const { data: storedData, metadata: storedMetadata } = kept as { data: unknown; metadata: unknown };
  return {
    id,
    type,
    streamId: fact.streamId,
    recordedAt,
    position: 42n,
    data: storedData,
    metadata: storedMetadata,
  };
};

const newFact = ({ recordedAt: _, ...fact }: Fact): NewFact => fact as NewFact;

const placed = {
  eventId: '5f8a3c1e-2b4d-5e6f-8a9b-0c1d2e3f4a5b',
  type: 'OrderPlaced',
  schemaVersion: 2,
  streamId: 'order-o1',
  occurredAt: Date.parse('2026-03-01T10:00:00.000Z'),
  source: 'erp',
  id: 'cmd1.000',
  subjects: ['p1', 'p2'],
  actor: { kind: 'agent', id: 'agent1' },
  channel: 'web',
  correlationId: 'visit7',
  causationId: 'i1',
  commandId: 'cmd1',
  commandHash: '00ff',
  extensions: { traceparent: '00-ab' },
  data: samples.OrderPlaced,
} as const satisfies NewFact;

describe('a fact in the log', () => {
  it('is kept as its payload and a small envelope', () => {
    expect(toNewEvent(placed)).toEqual({
      id: placed.eventId,
      type: 'OrderPlaced',
      data: samples.OrderPlaced,
      metadata: {
        schemaVersion: 2,
        occurredAt: '2026-03-01T10:00:00.000Z',
        subjects: ['p1', 'p2'],
        actor: { kind: 'agent', id: 'agent1' },
        source: 'erp',
        id: 'cmd1.000',
        channel: 'web',
        correlationId: 'visit7',
        causationId: 'i1',
        commandId: 'cmd1',
        commandHash: '00ff',
        extensions: { traceparent: '00-ab' },
      },
    });
  });

  it('comes back as it went in, with and without decoding', () => {
    fc.assert(
      fc.property(arbitraryFactOf(), (fact) => {
        const event = appended(newFact(fact), fact.recordedAt);
        expect(factFromStored(event)).toEqual(fact);
        expect(decodeStored(event)).toEqual(E.right(fact));
      }),
      { numRuns: 500 },
    );
  });

  it('goes out as a CloudEvent that comes in as the same fact', () => {
    fc.assert(
      fc.property(arbitraryFactOf(), (fact) => {
        const event = appended(newFact(fact), fact.recordedAt);
        const wire: unknown = JSON.parse(JSON.stringify(toCloudEvent(event)));
        expect(decodeCloudEvent(wire)).toEqual(E.right(newFact(fact)));
      }),
      { numRuns: 500 },
    );
  });

  it('goes out with its position and its recorded time', () => {
    const recordedAt = Date.parse('2026-03-05T00:00:00.000Z');
    expect(toCloudEvent(appended(placed, recordedAt))).toEqual({
      specversion: '1.0',
      id: 'cmd1.000',
      source: 'erp',
      type: 'OrderPlaced',
      time: '2026-03-01T10:00:00.000Z',
      datacontenttype: 'application/json',
      subject: 'p1',
      streamid: 'order-o1',
      schemaversion: 2,
      actorkind: 'agent',
      actorid: 'agent1',
      channel: 'web',
      correlationid: 'visit7',
      causationid: 'i1',
      commandid: 'cmd1',
      commandhash: '00ff',
      traceparent: '00-ab',
      sequence: '42',
      recordedtime: '2026-03-05T00:00:00.000Z',
      data: samples.OrderPlaced,
    });
  });

  it('goes out of a copy with the time at which the first log recorded it, and never with a later one', () => {
    const recordedAt = Date.parse('2026-03-05T00:00:00.000Z');
    const event = appended(placed, recordedAt);
    const recorded = (said: string) =>
      toCloudEvent({ ...event, metadata: { ...Object(event.metadata), recordedAt: said } }).recordedtime;
    expect(recorded('2026-03-04T00:00:00.000Z')).toBe('2026-03-04T00:00:00.000Z');
    expect(recorded('2026-03-06T00:00:00.000Z')).toBe('2026-03-05T00:00:00.000Z');
  });

  it('keeps subjects that its payload does not name on the way out and in', () => {
    const fact = { ...placed, type: 'OrderFulfilled', schemaVersion: 1, data: samples.OrderFulfilled } as const;
    const wire = toCloudEvent(appended(fact, 0));
    expect(wire).toMatchObject({ subject: 'p1', subjects: 'p1,p2' });
    expect(decodeCloudEvent(wire)).toMatchObject(E.right({ subjects: ['p1', 'p2'], commandHash: '00ff' }));
  });

  it('of an older schema version is read in the current one', () => {
    const { totalNetMinor, ...rest } = samples.OrderPlaced;
    const event = appended(placed, 0);
    const old = {
      ...event,
      data: { ...rest, totalMinor: totalNetMinor },
      metadata: { ...toNewEvent(placed).metadata, schemaVersion: 1 },
    };
    expect(factFromStored(old)).toEqual(factFromStored(event));
    expect(decodeStored(old)).toEqual(decodeStored(event));
  });

  it('that this program cannot know stops the reader with its name', () => {
    const event = appended(placed, 0);
    expect(() => factFromStored({ ...event, type: 'LoyaltyZoneChanged' })).toThrow('LoyaltyZoneChanged');
    const future = { ...event, metadata: { ...toNewEvent(placed).metadata, schemaVersion: 9 } };
    expect(() => factFromStored(future)).toThrow('version 9 of OrderPlaced is not known');
    expect(decodeStored(future)).toMatchObject(E.left([{ path: '/metadata/schemaVersion' }]));
    expect(decodeStored({ ...event, type: 'LoyaltyZoneChanged' })).toMatchObject(E.left([{ path: '/type' }]));
  });

  it('is verified field by field', () => {
    const event = appended(placed, 0);
    expect(decodeStored({ ...event, data: { ...samples.OrderPlaced, currency: 'euro', lines: [] } })).toMatchObject(
      E.left([{ path: '/data/lines' }, { path: '/data/currency' }]),
    );
    expect(decodeStored({ ...event, metadata: { schemaVersion: 2 } })).toMatchObject(
      E.left([
        { path: '/metadata/occurredAt' },
        { path: '/metadata/subjects' },
        { path: '/metadata/actor' },
        { path: '/metadata/source' },
        { path: '/metadata/id' },
      ]),
    );
  });

  it('may hold unknown fields and sealed personal values', () => {
    const sealed = { kid: 'p1/content/1', nonce: 'AAAA', ct: 'AAAA', tag: 'AAAA' };
    const data = { ...samples.ComplaintReceived, text: sealed, addedLater: [1] };
    const event = { ...appended(placed, 0), type: 'ComplaintReceived', data };
    const stored = { ...event, metadata: { ...toNewEvent(placed).metadata, schemaVersion: 1 } };
    expect(decodeStored(stored)).toMatchObject(E.right({ data }));
  });

  it('of every type can be made by the arbitraries', () => {
    const made = new Set(fc.sample(arbitraryFactOf(), 3_000).map(({ type }) => type));
    expect(made.size).toBe(factTypes.length);
  });
});
