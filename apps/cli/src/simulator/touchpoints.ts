import {
  DAY_MS,
  eventIdOf,
  type FactData,
  type FactType,
  HOUR_MS,
  type Instant,
  MINUTE_MS,
  toIso,
} from '@afecto/domain';
import type { CloudEvent, CloudEventOf } from '../import/cloud-event';

/** Every simulated fact says so (`domain.md §1`, provenance). */
export const SOURCE = 'simulator';

export const days = (count: number): number => Math.round(count * DAY_MS);
export const hours = (count: number): number => Math.round(count * HOUR_MS);
export const minutes = (count: number): number => Math.round(count * MINUTE_MS);

/** Moves a contact that we make to the same time between 09:00 and 18:00 UTC of its day. */
export const inOfficeHours = (at: Instant): Instant => {
  const dayStart = Math.floor(at / DAY_MS) * DAY_MS;
  return dayStart + hours(9) + Math.floor(((at - dayStart) / DAY_MS) * hours(9));
};

interface Envelope {
  readonly channel?: CloudEvent['channel'];
  readonly agentId?: string;
  /** Id, at the simulator, of the fact that caused this one. */
  readonly causedBy?: string;
  readonly byCustomer?: boolean;
}

/**
 * Collects simulated facts. What would happen after the end of the data has not happened: it is left
 * out, and so matters that began shortly before the end stay open.
 */
export class Touchpoints {
  readonly #facts: CloudEvent[] = [];

  constructor(readonly endsAt: Instant) {}

  get facts(): ReadonlyArray<CloudEvent> {
    return this.#facts;
  }

  /** The id of the fact; the fact itself only when it happened before the end. */
  add<T extends FactType>(
    type: T,
    id: string,
    at: Instant,
    subject: string | null,
    data: FactData[T],
    { channel, agentId, causedBy, byCustomer = false }: Envelope = {},
  ): string {
    if (at > this.endsAt) return id;
    const event: CloudEventOf<T> = {
      specversion: '1.0',
      id,
      source: SOURCE,
      type,
      time: toIso(at),
      ...(subject === null ? {} : { subject }),
      data,
      ...(channel === undefined ? {} : { channel }),
      ...(agentId === undefined ? {} : { actorkind: 'agent', actorid: agentId }),
      ...(byCustomer && subject !== null ? { actorkind: 'customer', actorid: subject } : {}),
      ...(causedBy === undefined ? {} : { causationid: eventIdOf(SOURCE, causedBy) }),
    };
    this.#facts.push(event as CloudEvent);
    return id;
  }

  /** Event id in the log of a simulated fact. */
  eventId(id: string): string {
    return eventIdOf(SOURCE, id);
  }
}
