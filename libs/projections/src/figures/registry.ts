import { lifecycleFigures } from '../lifecycle/figures';
import type { Figures, PartyView } from './definition';

/** Everything that is answered about all customers, in the order of `domain.md §16`. */
export const figures: ReadonlyArray<Figures> = [lifecycleFigures];

/** Everything that is answered about one customer beside profile, timeline and loyalty. */
export const partyViews: ReadonlyArray<PartyView> = [];
