import { calendarOf, type CustomerState, type Instant, type Json, type Policy } from '@afecto/domain';
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
  readonly asOf: Instant;
  /** The window asked about, in days of the tenant (`dayNumber`), both ends inclusive. */
  readonly days: Required<BucketRange>;
}

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

/** One projection of `domain.md §16` about one customer. */
export interface PartyView {
  readonly code: string;
  readonly name: string;
  readonly title: string;
  readonly read: (customer: CustomerState, readModels: FiguresSource) => Promise<JsonObject>;
}

/** How far figures look back when nothing else is asked, in days. */
export const DEFAULT_WINDOW_DAYS = 365;

/** Number of the tenant's day in which an instant lies: the axis of buckets that are days. */
export const dayOf = (at: Instant, { configuration }: Policy): number =>
  calendarOf(configuration.tenant.timeZone).dayNumber(at);
