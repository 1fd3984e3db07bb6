import type { FactData, FactType } from '@afecto/domain';

/**
 * One fact as a structured CloudEvent 1.0, the same JSON that `POST /v1/events` takes
 * (`interfaces.md`, Facts in). `time` is when it happened, `subject` the party it is mainly about.
 */
export interface CloudEventOf<T extends FactType> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: T;
  readonly time: string;
  readonly subject?: string;
  readonly data: FactData[T];
  readonly channel?: string;
  readonly actorkind?: 'agent' | 'customer' | 'system' | 'integration';
  readonly actorid?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
}

export type CloudEvent = { [T in FactType]: CloudEventOf<T> }[FactType];

/** Facts in the order in which they happened; ties by id, by UTF-16 code unit. */
export const compareByTime = (a: Pick<CloudEvent, 'time' | 'id'>, b: Pick<CloudEvent, 'time' | 'id'>): number =>
  a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
