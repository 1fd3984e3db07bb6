import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Json } from '../port';
import { uuidOf, visibleEvent } from './recorded-event';

const ID = 'fedcba98-7654-4321-8fed-cba987654321';

interface Given {
  readonly type: string;
  readonly streamId: string;
  readonly contentType: string;
  readonly data: string | Uint8Array;
  readonly metadata: string;
}

const recorded = (given: Partial<Given>): ReadResp.ReadEvent => {
  const { type, streamId, contentType, data, metadata } = {
    type: 'OrderPlaced',
    streamId: 'order-1',
    contentType: 'application/json',
    data: '{"a":1}',
    metadata: '{"b":2}',
    ...given,
  };
  const record = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(ID))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(streamId)))
    .setStreamRevision('7')
    .setCommitPosition('18446744073709551610')
    .setPreparePosition('18446744073709551610')
    .setData(Buffer.from(data))
    .setCustomMetadata(Buffer.from(metadata));
  record.getMetadataMap().set('type', type).set('content-type', contentType).set('created', '17408304001239999');
  return new ReadResp.ReadEvent().setEvent(record);
};

describe('a recorded event', () => {
  it('is shown as the port has it, with a position beyond the safe integers and whole milliseconds', () => {
    expect(visibleEvent(recorded({}))).toEqual({
      id: ID,
      type: 'OrderPlaced',
      streamId: 'order-1',
      revision: 7,
      position: 18_446_744_073_709_551_610n,
      recordedAt: 1_740_830_400_123,
      data: { a: 1 },
      metadata: { b: 2 },
    });
  });

  /** Metadata of an event that the port cannot show as it is. */
  const marked = (contentType: string, metadata: string) => ({
    $wire: { contentType, metadata: Buffer.from(metadata).toString('base64') },
  });
  const bytes = (metadata: string) => marked('application/octet-stream', metadata);
  const json = (metadata: string) => marked('application/json', metadata);

  it.each<[string, Partial<Given>, Json, Json]>([
    ['JSON null', { data: ' null ' }, null, { b: 2 }],
    ['a JSON text', { data: '"é"' }, 'é', { b: 2 }],
    ['bytes', { contentType: 'application/octet-stream', data: '{"a":1}' }, 'eyJhIjoxfQ==', bytes('{"b":2}')],
    ['bytes that are called JSON', { data: Buffer.from([255, 0]) }, '/wA=', { b: 2 }],
    ['no data', { data: '' }, '', { b: 2 }],
    ['no metadata', { metadata: '' }, { a: 1 }, {}],
    ['metadata that is a list', { metadata: '[1]' }, { a: 1 }, json('[1]')],
    ['metadata that is no JSON', { metadata: 'x' }, { a: 1 }, json('x')],
  ])('with %s has data and metadata all the same', (_, given, data, metadata) => {
    expect(visibleEvent(recorded(given))).toMatchObject({ data, metadata });
  });

  it.each<[string, Partial<Given>]>([
    ['metadata', { streamId: '$$order-1', type: '$metadata' }],
    ['a link', { type: '$>' }],
    ['a deletion', { type: '$streamDeleted' }],
    ['anything in a stream of the server', { streamId: '$stats' }],
  ])('that is %s is the server’s own', (_, given) => {
    expect(visibleEvent(recorded(given))).toBeNull();
  });

  it('has its id as text or in two halves', () => {
    const halves = new UUID.Structured()
      .setMostSignificantBits(BigInt.asIntN(64, 0xfedcba9876544321n).toString())
      .setLeastSignificantBits(BigInt.asIntN(64, 0x8fedcba987654321n).toString());
    expect(uuidOf(new UUID().setStructured(halves))).toBe(ID);
    expect(uuidOf(new UUID().setString(ID.toUpperCase()))).toBe(ID);
  });
});
