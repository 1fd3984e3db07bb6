import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import fc from 'fast-check';
import { TOMBSTONE, type WireRecord } from '../log/wire-log';
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
  streamNotFoundResponse,
} from './read-response';

const arbitraryRecord: fc.Arbitrary<WireRecord> = fc.record({
  id: fc.uuid(),
  type: fc.string({ minLength: 1, unit: 'grapheme' }),
  streamId: fc.string({ minLength: 1, unit: 'grapheme' }),
  isJson: fc.boolean(),
  data: fc.uint8Array({ maxLength: 400 }),
  metadata: fc.uint8Array({ maxLength: 50 }),
  eventNumber: fc.oneof(fc.bigInt({ min: 0n, max: 1n << 62n }), fc.constant(TOMBSTONE)),
  position: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  recordedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

const decoded = (bytes: Buffer): ReadResp => ReadResp.deserializeBinary(bytes);

const plain = (record: ReadResp.ReadEvent.RecordedEvent | undefined): unknown => {
  if (record === undefined) return null;
  const id = record.getId();
  const structured = id?.getStructured();
  const halves = [structured?.getMostSignificantBits() ?? '0', structured?.getLeastSignificantBits() ?? '0'];
  return {
    id: structured === undefined ? id?.getString() : halves.map((half) => BigInt.asUintN(64, BigInt(half))),
    streamId: Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    eventNumber: record.getStreamRevision(),
    positions: [record.getCommitPosition(), record.getPreparePosition()],
    metadataMap: Object.fromEntries(record.getMetadataMap().toArray()),
    data: [...record.getData_asU8()],
    metadata: [...record.getCustomMetadata_asU8()],
  };
};

const expected = (record: WireRecord | null, id: (text: string) => unknown): unknown =>
  record === null
    ? null
    : {
        id: id(record.id),
        streamId: record.streamId,
        eventNumber: record.eventNumber.toString(),
        positions: [record.position.toString(), record.position.toString()],
        metadataMap: {
          type: record.type,
          created: `${BigInt(record.recordedAt) * 10_000n}`,
          'content-type': record.isJson ? 'application/json' : 'application/octet-stream',
        },
        data: [...record.data],
        metadata: [...record.metadata],
      };

const halvesOf = (id: string): ReadonlyArray<bigint> => {
  const digits = id.replaceAll('-', '');
  return [BigInt(`0x${digits.slice(0, 16)}`), BigInt(`0x${digits.slice(16)}`)];
};

describe('responses of Read, written by hand and read by the clients’ own stubs', () => {
  it('an event carries every field of its record, with UUIDs as text or as halves', () => {
    fc.assert(
      fc.property(
        arbitraryRecord,
        fc.option(arbitraryRecord, { nil: null }),
        fc.constantFrom('string' as const, 'structured' as const),
        (event, link, form) => {
          const answer = decoded(eventResponse({ event, link }, form)).getEvent();
          const id = form === 'string' ? (text: string) => text : halvesOf;
          expect(plain(answer?.getEvent())).toEqual(expected(event, id));
          expect(plain(answer?.getLink())).toEqual(expected(link, id));
          expect(answer?.getCommitPosition()).toBe((link ?? event).position.toString());
        },
      ),
    );
  });

  it('a link whose target is gone has no event', () => {
    const [link] = fc.sample(arbitraryRecord, 1);
    if (link === undefined) throw new Error('no sample');
    const answer = decoded(eventResponse({ event: null, link }, 'string')).getEvent();
    expect(answer?.hasEvent()).toBe(false);
    expect(answer?.getCommitPosition()).toBe(link.position.toString());
  });

  it('the other messages name what they say', () => {
    expect(decoded(confirmationResponse('sub-1')).getConfirmation()?.getSubscriptionId()).toBe('sub-1');
    expect(decoded(caughtUpResponse()).hasCaughtUp()).toBe(true);
    const checkpoint = decoded(checkpointResponse(300n)).getCheckpoint();
    expect([checkpoint?.getCommitPosition(), checkpoint?.getPreparePosition()]).toEqual(['300', '300']);
    const missing = decoded(streamNotFoundResponse('café')).getStreamNotFound();
    expect(Buffer.from(missing?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('café');
  });
});
