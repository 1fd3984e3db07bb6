/** What can be wrong with a history. */
export type ViolationKind =
  /** It was acknowledged or shown, and a later look at its place does not show it, nor does any after. */
  | 'lost'
  /** A later look does not show what was acknowledged or shown before; others after it do. */
  | 'stale'
  /** One event in two places, or twice in one answer. */
  | 'doubled'
  /** Two orders of the same events, or an order against time. */
  | 'reordered'
  /** A reader or a subscriber was shown what lies behind an event, but not the event. */
  | 'skipped'
  /** A part of an append without the rest. */
  | 'torn'
  /** An event for which nobody has asked. */
  | 'invented'
  /** The event is not what was asked for, or is told in two ways. */
  | 'altered'
  /** The append was refused, and its event is in the log. */
  | 'refusedButThere'
  /** An answer to an append that cannot be true of any moment. */
  | 'wrongAnswer'
  /** A projection does not hold what the log has up to its checkpoint. */
  | 'projectionDiffers'
  /** `recordedAt` decreases along the log. */
  | 'clockWentBack';

export interface Violation {
  readonly kind: ViolationKind;
  /** The event, stream or projection that it is about. */
  readonly subject: string;
  /** For a person. */
  readonly explanation: string;
  /** The calls that show it. */
  readonly calls: ReadonlyArray<string>;
}

/** What a checked history has gone through. */
export interface Verdict {
  readonly calls: number;
  readonly acknowledged: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Appends without an answer, and how many of them are in the log. */
  readonly unknown: { readonly there: number; readonly absent: number };
  readonly events: number;
  readonly shown: number;
  readonly subscriptions: number;
  readonly projectionStates: number;
}
