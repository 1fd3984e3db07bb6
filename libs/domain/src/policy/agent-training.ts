import type * as t from 'io-ts';
import { code, day, reference } from '../facts/codec';
import { list, record } from '../facts/structure';

const MAX_TRAININGS = 10_000;

/** The category of complaints about how staff behaved, and the topic that trains for it (`domain.md §9.1`). */
export const STAFF_CONDUCT = 'staff_conduct';

/**
 * What agents have been trained in (`domain.md §9.1`, culture; §18 row 105): one entry for each training that an
 * agent completed. The topic is a category of complaints, the topic of a contact, or any other. One that is
 * dated ahead counts from its day on.
 */
export const agentTraining = list(record({ agentId: reference, topic: code, completedOn: day }), 0, MAX_TRAININGS);
export type AgentTraining = t.TypeOf<typeof agentTraining>;
