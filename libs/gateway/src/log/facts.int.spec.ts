import { eventIdOf, streamOf, toNewEvent } from '@afecto/domain';
import type { EncodedEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { arbitraryEvent, expectLeft, givenLog, numbersOf, written } from './testing/given-log';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

let facts = 0;

const fact = (changed: { readonly [key: string]: string } = {}): EncodedEvent => {
  const id = `fact-${(facts += 1)}`;
  const source = 'https://shop.example';
  const event = toNewEvent({
    eventId: eventIdOf(source, id),
    type: 'PartyRegistered',
    schemaVersion: 1,
    streamId: 'party-1',
    occurredAt: Date.UTC(2025, 0, 1),
    source,
    id,
    subjects: ['1'],
    actor: { kind: 'integration', id: 'shop' },
    data: { partyId: '1', kind: 'person', displayName: 'Ann Hall', source: 'shop' },
  });
  return {
    id: event.id,
    type: event.type,
    isJson: true,
    data: Buffer.from(JSON.stringify(Object.assign({}, event.data, changed))),
    metadata: Buffer.from(JSON.stringify(event.metadata)),
  };
};

const appending = (streamId: string, event: EncodedEvent) => log.append({ streamId, expected: 'any', events: [event] });

describe('a fact of the catalogue', () => {
  it('that decodes is appended', async () => {
    expect(E.isRight(await appending('party-1', fact()))).toBe(true);
    expect(streamOf('PartyRegistered', { partyId: '1' }, 'x')).toBe('party-1');
  });

  it.each<[problem: string, change: (event: EncodedEvent) => EncodedEvent, names: ReadonlyArray<string>]>([
    ['is no JSON by its content type', (event) => ({ ...event, isJson: false }), ['/contentType', 'application/json']],
    ['has data that is no JSON', (event) => ({ ...event, data: Buffer.from('{') }), ['/data', 'JSON']],
    ['has no metadata', (event) => ({ ...event, metadata: Buffer.from('') }), ['/metadata', 'JSON']],
    ['has metadata of another kind', (event) => ({ ...event, metadata: Buffer.from('{}') }), ['/metadata/']],
    ['has a payload of another kind', () => fact({ kind: 'robot' }), ['/data/kind', 'robot']],
    ['lists other parties than its payload', () => fact({ partyId: '2' }), ['/metadata/subjects', '2']],
    ['has an id of its own', (event) => ({ ...event, id: arbitraryEvent().id }), ['/id', 'source']],
  ])('that %s is refused by name', async (_, change, names) => {
    const refused = expectLeft(await appending('party-1', change(fact())));
    expect(refused.code).toBe('InvalidArgument');
    for (const name of names) expect(refused).toMatchObject({ message: expect.stringContaining(name) });
  });
});

describe('a stream of the catalogue', () => {
  it.each(['party-1', 'order-77', 'policy'])('%s takes no other events', async (streamId) => {
    const refused = expectLeft(await appending(streamId, arbitraryEvent()));
    expect(refused).toMatchObject({ code: 'InvalidArgument', message: expect.stringContaining('Noted') });
  });

  it.each(['order-1', 'policy', 'derived-p1', 'afecto-checkpoints'])('%s is never deleted', async (streamId) => {
    for (const refused of [await log.deleteStream(streamId, 'any'), await log.tombstoneStream(streamId, 'any')])
      expect(expectLeft(refused)).toMatchObject({ code: 'AccessDenied', message: expect.stringContaining('never') });
  });

  it.each(['{"$maxCount":1}', '{"$maxAge":1}', '{"$tb":0}', '{"$acl":{},"$tb":1}'])(
    'takes no metadata that hides facts: %s',
    async (json) => {
      const event = arbitraryEvent({ type: '$metadata', data: Buffer.from(json) });
      for (const metastream of ['$$order-1', '$$derived-p1'])
        expect(expectLeft(await appending(metastream, event))).toMatchObject({ code: 'AccessDenied' });
    },
  );

  it('takes metadata that says who may read it', async () => {
    const event = arbitraryEvent({ type: '$metadata', data: Buffer.from('{"$acl":{"$r":"ops"}}') });
    expect(E.isRight(await appending('$$order-1', event))).toBe(true);
  });
});

// A fact may name its stream (`streamid`), and that stream was deleted like any other.
describe('another stream that holds a fact', () => {
  it('is never deleted, nor are its events taken out of sight', async () => {
    await written(log, 'mixed-1', 3);
    expect(E.isRight(await appending('mixed-1', fact()))).toBe(true);
    await written(log, 'mixed-1', 2);
    const hiding = arbitraryEvent({ type: '$metadata', data: Buffer.from('{"$maxCount":1}') });
    for (const refused of [
      await log.deleteStream('mixed-1', 'any'),
      await log.tombstoneStream('mixed-1', 'any'),
      await appending('$$mixed-1', hiding),
    ])
      expect(expectLeft(refused)).toMatchObject({ code: 'AccessDenied', message: expect.stringContaining('facts') });
    const open = arbitraryEvent({ type: '$metadata', data: Buffer.from('{"owner":"sales"}') });
    expect(E.isRight(await appending('$$mixed-1', open))).toBe(true);
    expect(await numbersOf(log, 'mixed-1')).toHaveLength(6);
  });
});

describe('other streams', () => {
  it.each(['notes', 'orders-1', 'partygoers-1', 'policy-1', '$settings'])('%s are free', async (streamId) => {
    await written(log, streamId, 1);
    expect(await numbersOf(log, streamId)).toEqual([0n]);
  });

  it.each<[streamId: string, event: Partial<EncodedEvent>, code: string]>([
    ['$all', {}, 'AccessDenied'],
    ['$ce-order', {}, 'AccessDenied'],
    ['$et-Noted', {}, 'AccessDenied'],
    ['', {}, 'InvalidArgument'],
    ['x'.repeat(513), {}, 'InvalidArgument'],
    ['notes', { type: '' }, 'InvalidArgument'],
    ['notes', { id: '00000000-0000-0000-0000-000000000000' }, 'InvalidArgument'],
  ])('"%s" with %j: %s', async (streamId, change, code) => {
    expect(expectLeft(await appending(streamId, arbitraryEvent(change))).code).toBe(code);
  });
});
