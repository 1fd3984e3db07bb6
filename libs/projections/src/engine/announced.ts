import type { AnnouncedItem } from '@afecto/domain';
import type { StoredAnnouncement } from '@afecto/read-models';

const byItemId = (a: AnnouncedItem, b: AnnouncedItem): number => (a.itemId < b.itemId ? -1 : 1);

/** Whether two read models say the same of a customer, as far as it is announced. */
export const isSameAnnouncement = (a: StoredAnnouncement, b: StoredAnnouncement | undefined): boolean =>
  b !== undefined &&
  JSON.stringify([a.announced, a.items.toSorted(byItemId)]) ===
    JSON.stringify([b.announced, b.items.toSorted(byItemId)]);
