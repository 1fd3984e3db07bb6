import type { SegmentDefinition } from '../policy/configuration';

/** A segment that names lost customers is dormant: a campaign may wake them (`domain.md §11.3 Q3`). */
export const isDormantSegment = (segment: SegmentDefinition): boolean => segment.phases?.includes('lost') ?? false;
