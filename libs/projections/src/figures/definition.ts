import {
  calendarOf,
  type CustomerHistory,
  type CustomerState,
  type Instant,
  type Json,
  type Policy,
  type Regime,
} from '@afecto/domain';
import type { BucketRange, ReadModels } from '@afecto/read-models';

/** An answer: fields that JSON can hold. */
export type JsonObject = { readonly [field: string]: Json };

/** What figures and views may ask of the read models; none of them reads the log. */
export type FiguresSource = Pick<
  ReadModels,
  'checkpoint' | 'tallySums' | 'tallyBuckets' | 'countDeadLetters' | 'referrersOf' | 'ownersOf'
>;

export interface FiguresQuestion {
  readonly readModels: FiguresSource;
  /** In force now. */
  readonly policy: Policy;
  /** What was and is in force, over all time. */
  readonly regime: Regime;
  readonly asOf: Instant;
  /** The window asked about, in days of the tenant (`dayNumber`), both ends inclusive. */
  readonly days: Required<BucketRange>;
  /** Top fields of the answer that are looked at: others need not be there. Absent: all are. */
  readonly fields?: ReadonlySet<string>;
}

/** Whether a top field of the answer is looked at: what takes long to read is read for those who want it. */
export const isAsked = ({ fields }: FiguresQuestion, field: string): boolean =>
  fields === undefined || fields.has(field);

/** The parts of an answer that are looked at, each read by itself. */
export const partsAsked = async (
  question: FiguresQuestion,
  parts: Readonly<Record<string, () => Json | Promise<Json>>>,
): Promise<JsonObject> => {
  const told: Record<string, Json> = {};
  for (const [field, part] of Object.entries(parts)) if (isAsked(question, field)) told[field] = await part();
  return told;
};

/** Figures about all customers: one projection of `domain.md §16`. */
export interface Figures {
  /** PRnn. */
  readonly code: string;
  /** As in addresses: lower case, words joined by hyphens. */
  readonly name: string;
  /** One line: which questions it answers. */
  readonly title: string;
  readonly read: (question: FiguresQuestion) => Promise<JsonObject>;
}

/** Everything that one customer's state was folded from. */
export interface Past {
  readonly history: CustomerHistory;
  readonly regime: Regime;
}

/** One projection of `domain.md §16` about one customer. */
export interface PartyView {
  readonly code: string;
  readonly name: string;
  readonly title: string;
  /** `past` reads the facts anew: for what the state of today does not tell. */
  readonly read: (customer: CustomerState, readModels: FiguresSource, past: () => Promise<Past>) => Promise<JsonObject>;
}

/** How far figures look back when nothing else is asked, in days. */
export const DEFAULT_WINDOW_DAYS = 365;

/** Number of the tenant's day in which an instant lies: the axis of buckets that are days. */
export const dayOf = (at: Instant, { configuration }: Policy): number =>
  calendarOf(configuration.tenant.timeZone).dayNumber(at);

/**
 * The same window up to today: on days that have not come nobody has ordered or worked yet, which says nothing. Of one
 * that lies ahead as a whole no day is left, and its first day comes after its last.
 */
export const upToToday = (question: FiguresQuestion): FiguresQuestion => {
  const today = dayOf(question.asOf, question.policy);
  const { from, to } = question.days;
  return to <= today ? question : { ...question, days: { from: Math.min(from, today + 1), to: today } };
};
