import type { WireReader } from './wire-reader';
import type { WireWriter } from './wire-writer';

/** How a client wants UUIDs: as text, or as two 64-bit halves in RFC byte order. */
export type UuidForm = 'string' | 'structured';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EMPTY = '00000000-0000-0000-0000-000000000000';

const hyphenated = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;

/** Canonical lower-case text of a `UUID` message; the text as sent when it is none. Absent halves are zero. */
export const readUuid = (reader: WireReader): string => {
  let mostSignificant = 0n;
  let leastSignificant = 0n;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) return reader.text().toLowerCase();
    if (field !== 1) {
      reader.skip();
      continue;
    }
    const halves = reader.message();
    for (let half = halves.next(); half !== 0; half = halves.next()) {
      if (half === 1) mostSignificant = halves.unsigned();
      else if (half === 2) leastSignificant = halves.unsigned();
      else halves.skip();
    }
  }
  const digits = (mostSignificant << 64n) | leastSignificant;
  return hyphenated(digits.toString(16).padStart(32, '0'));
};

/** True for a canonical UUID other than the empty one, which the protocol refuses as an event id. */
export const isEventId = (id: string): boolean => CANONICAL.test(id) && id !== EMPTY;

/** Writes `id` (canonical text) as a `UUID` message in `field`. */
export const writeUuid = (writer: WireWriter, field: number, id: string, form: UuidForm): void => {
  const start = writer.mark();
  if (form === 'string') {
    writer.text(2, id);
  } else {
    const halves = writer.mark();
    writer.halves(2, parseInt(id.slice(19, 23) + id.slice(24, 28), 16), parseInt(id.slice(28), 16));
    writer.halves(1, parseInt(id.slice(0, 8), 16), parseInt(id.slice(9, 13) + id.slice(14, 18), 16));
    writer.wrap(1, halves);
  }
  writer.wrap(field, start);
};
