import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/persistent_pb';
import type { Message, NackAction } from '../core/message';
import { expectedResolvedSize, writeResolved } from '../../streams/read-response';
import type { UuidForm } from '../../streams/uuid';
import { WireWriter } from '../../streams/wire-writer';

const RETRY_COUNT = 5;
const EVENT = 1;

/** `ReadResp.event` as bytes, written straight from the log's bytes. */
export const eventMessage = ({ record, retryCount }: Message, form: UuidForm): Buffer => {
  const writer = new WireWriter(expectedResolvedSize(record) + 8);
  const start = writer.mark();
  writer.unsigned(RETRY_COUNT, retryCount);
  writeResolved(writer, EVENT, record, form, start);
  return writer.finish();
};

const hyphenated = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;

/** Canonical lower-case text of a UUID message, sent as text or as two signed 64-bit halves. */
export const uuidText = (uuid: UUID): string => {
  const halves = uuid.getStructured();
  if (halves === undefined) return uuid.getString().toLowerCase();
  const most = BigInt.asUintN(64, BigInt(halves.getMostSignificantBits()));
  const least = BigInt.asUintN(64, BigInt(halves.getLeastSignificantBits()));
  return hyphenated(((most << 64n) | least).toString(16).padStart(32, '0'));
};

/** What a refusal asks for; a number that this version does not know counts as Unknown. */
export const nackActionOf = (action: ReadReq.Nack.Action): NackAction => {
  switch (action) {
    case ReadReq.Nack.Action.PARK:
      return 'park';
    case ReadReq.Nack.Action.RETRY:
      return 'retry';
    case ReadReq.Nack.Action.SKIP:
      return 'skip';
    case ReadReq.Nack.Action.STOP:
      return 'stop';
    case ReadReq.Nack.Action.UNKNOWN:
    default:
      return 'unknown';
  }
};
