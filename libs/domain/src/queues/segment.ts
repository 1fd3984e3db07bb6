import type { Evidence } from '../customer/evidence';
import type { Standing } from '../customer/standing';
import type { SegmentDefinition } from '../policy/configuration';

/** Whether a party belongs to a segment; an absent list means "any" (`domain.md §6.4`). */
export const isInSegment = (
  segment: SegmentDefinition,
  evidence: Evidence,
  { value, loyalty, lifecycle }: Pick<Standing, 'value' | 'loyalty' | 'lifecycle'>,
): boolean => {
  const { kind } = evidence.person;
  return (
    (segment.phases === undefined || segment.phases.includes(lifecycle.phase)) &&
    (segment.kinds === undefined || (kind !== null && segment.kinds.includes(kind))) &&
    (segment.tiers === undefined || (value.tier !== null && segment.tiers.includes(value.tier))) &&
    (segment.zones === undefined || segment.zones.includes(loyalty.zone))
  );
};

/** A segment that names lost customers is dormant: a campaign may wake them (`domain.md §11.3 Q3`). */
export const isDormantSegment = (segment: SegmentDefinition): boolean => segment.phases?.includes('lost') ?? false;
