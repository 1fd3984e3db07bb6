/** What a request costs while it is under way, or what may be under way at once. */
export interface Load {
  readonly requests: number;
  /** Facts that wait for the store. */
  readonly facts: number;
  /** Bytes of the body, and later of the answer. */
  readonly bytes: number;
}

export const NOTHING: Load = { requests: 0, facts: 0, bytes: 0 };

export const plus = (a: Load, b: Load): Load => ({
  requests: a.requests + b.requests,
  facts: a.facts + b.facts,
  bytes: a.bytes + b.bytes,
});

export const minus = (a: Load, b: Load): Load => ({
  requests: a.requests - b.requests,
  facts: a.facts - b.facts,
  bytes: a.bytes - b.bytes,
});

export const fits = (load: Load, bounds: Load): boolean =>
  load.requests <= bounds.requests && load.facts <= bounds.facts && load.bytes <= bounds.bytes;
