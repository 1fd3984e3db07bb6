import { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { appendTarget, encodedEvent, readAppendMessage, readBatchAppendMessage } from './append-request';
import { WireWriter } from './wire-writer';

const ID = '6b1f5c1e-9f0a-4c2b-8d1e-0123456789ab';

const stream = (name: string): StreamIdentifier => new StreamIdentifier().setStreamName(Buffer.from(name));
const text = (id: string): UUID => new UUID().setString(id);

describe('requests of Append and BatchAppend, written by the clients’ own stubs and read by hand', () => {
  it('a proposed event keeps its id, type, content type and bytes', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 40 }),
        (id, type, data, metadata) => {
          const message = new AppendReq.ProposedMessage().setId(text(id)).setData(data).setCustomMetadata(metadata);
          message.getMetadataMap().set('type', type).set('content-type', 'application/json');
          const read = readAppendMessage(Buffer.from(new AppendReq().setProposedMessage(message).serializeBinary()));
          if (read.kind !== 'event') throw new Error(`read as ${read.kind}`);
          expect(read.event).toMatchObject({ id, type, contentType: 'application/json' });
          expect([...read.event.data]).toEqual([...data]);
          expect([...read.event.metadata]).toEqual([...metadata]);
        },
      ),
    );
  });

  it('a structured id is the same id', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const digits = id.replaceAll('-', '');
        const half = (hexadecimal: string): string => BigInt.asIntN(64, BigInt(`0x${hexadecimal}`)).toString();
        const structured = new UUID.Structured()
          .setMostSignificantBits(half(digits.slice(0, 16)))
          .setLeastSignificantBits(half(digits.slice(16)));
        const message = new AppendReq.ProposedMessage().setId(new UUID().setStructured(structured));
        const read = readAppendMessage(Buffer.from(new AppendReq().setProposedMessage(message).serializeBinary()));
        expect(read).toMatchObject({ event: { id } });
      }),
    );
  });

  it.each([
    ['any', (options: AppendReq.Options) => options.setAny(new Empty()), 'any'],
    ['no stream', (options: AppendReq.Options) => options.setNoStream(new Empty()), 'noStream'],
    ['stream exists', (options: AppendReq.Options) => options.setStreamExists(new Empty()), 'streamExists'],
    ['revision 0', (options: AppendReq.Options) => options.setRevision('0'), 0n],
    ['a large revision', (options: AppendReq.Options) => options.setRevision('9007199254740993'), 9007199254740993n],
    ['nothing', (options: AppendReq.Options) => options, null],
  ])('the expected revision %s is read', (_, set, expected) => {
    const options = set(new AppendReq.Options().setStreamIdentifier(stream('café-1')));
    const read = readAppendMessage(Buffer.from(new AppendReq().setOptions(options).serializeBinary()));
    expect(read).toMatchObject({ kind: 'options', target: { streamId: 'café-1', expected } });
  });

  it('a batch message has its correlation id, options, events and final mark', () => {
    const options = new BatchAppendReq.Options()
      .setStreamIdentifier(stream('order-1'))
      .setStreamPosition('7')
      .setDeadline(Timestamp.fromDate(new Date(1_700_000_000_123)));
    const event = new BatchAppendReq.ProposedMessage().setId(text(ID)).setData(Buffer.from('{}'));
    const request = new BatchAppendReq()
      .setCorrelationId(text('c-1'))
      .setOptions(options)
      .setProposedMessagesList([event, event])
      .setIsFinal(true);
    const read = readBatchAppendMessage(Buffer.from(request.serializeBinary()));
    expect(UUID.deserializeBinary(read.correlationId).getString()).toBe('c-1');
    expect(read.options).toEqual({
      streamId: 'order-1',
      expected: 7n,
      deadline: { kind: 'at', at: 1_700_000_000_123 },
    });
    expect(read.events).toHaveLength(2);
    expect(read.isFinal).toBe(true);
  });

  it('a deadline as a duration, which the stubs do not know, is read too', () => {
    const writer = new WireWriter(64);
    writer.unsigned(2, 500_000_000);
    writer.unsigned(1, 3);
    writer.wrap(7, 0);
    writer.wrap(2, 0);
    expect(readBatchAppendMessage(writer.finish()).options?.deadline).toEqual({ kind: 'within', milliseconds: 3_500 });
  });

  it('bytes that are no message are an exception, never a wrong value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readBatchAppendMessage(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
    expect(() => readAppendMessage(Buffer.from([10, 200]))).toThrow(RangeError);
  });

  it.each([
    ['an empty id', { id: '00000000-0000-0000-0000-000000000000' }, 'InvalidArgument'],
    ['no UUID', { id: 'order-1' }, 'InvalidArgument'],
    ['no type', { type: null }, 'MetadataMissing'],
    ['no content type', { contentType: null }, 'MetadataMissing'],
  ])('an event with %s is refused', (_, given, code) => {
    const proposed = {
      id: ID,
      type: 'OrderPlaced',
      contentType: 'application/json',
      data: new Uint8Array(),
      metadata: new Uint8Array(),
      ...given,
    };
    expect(encodedEvent(proposed)).toMatchObject(E.left({ code }));
  });

  it('an append without stream name or expectation is refused', () => {
    expect(appendTarget({ streamId: '', expected: 'any' })).toMatchObject({ _tag: 'Left' });
    expect(appendTarget({ streamId: 'order-1', expected: null })).toMatchObject({ _tag: 'Left' });
  });
});
