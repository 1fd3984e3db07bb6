import type * as t from 'io-ts';
import { integer } from '../facts/codec';
import { record } from '../facts/structure';

/** A hundred years: who keeps longer keeps without limit, and leaves the period out. */
export const MAX_RETENTION_DAYS = 36_500;

const period = integer(1, MAX_RETENTION_DAYS);

/**
 * How long personal data are kept, by class of key, in days of 86 400 000 ms after the last activity of the
 * relationship (`domain.md §17.9`). An absent period is without limit; content is never kept longer than
 * identity, so that without `contentDays` it goes with it.
 */
export const retentionPeriods = record({}, { contentDays: period, identityDays: period });
export type RetentionPeriods = t.TypeOf<typeof retentionPeriods>;
