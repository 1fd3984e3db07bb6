import type { EncodedRecord, Position } from '@afecto/event-store';

/** Ids kept in memory, so that a near cause is not looked up. */
const RECENT = 20_000;
const MARK = Buffer.from('"causationId"');
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where the event with an id lies; null: the log has none. */
export type Place = (eventId: string) => Promise<Position | null>;

const causeOf = ({ metadata, isJson }: EncodedRecord): string | null => {
  const bytes = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length);
  if (!isJson || !bytes.includes(MARK)) return null;
  try {
    const { causationId }: { readonly causationId?: unknown } = JSON.parse(bytes.toString('utf8'));
    return typeof causationId === 'string' && UUID.test(causationId) ? causationId : null;
  } catch {
    return null;
  }
};

/** A cause comes before its effect: a `causationId` that names an event of this log must lie before it. */
export class CausationCheck {
  /** Two generations: the older one is dropped when the younger one is full. */
  #young = new Set<string>();
  #old = new Set<string>();
  /** Causes that were found in this log, before their effects. */
  found = 0;

  constructor(readonly place: Place) {}

  async next(record: EncodedRecord): Promise<string | null> {
    const cause = causeOf(record);
    const wrong = cause === null ? null : await this.#judge(cause, record);
    this.#young.add(record.id);
    if (this.#young.size >= RECENT) [this.#old, this.#young] = [this.#young, new Set()];
    return wrong;
  }

  async #judge(cause: string, { position }: EncodedRecord): Promise<string | null> {
    if (!this.#young.has(cause) && !this.#old.has(cause)) {
      const at = await this.place(cause);
      if (at === null) return null;
      if (at >= position) return `names event ${cause} as its cause, which lies behind it at position ${at}`;
    }
    this.found += 1;
    return null;
  }
}
