import { type PersonalClass, personalClasses } from '@afecto/domain';
import type { ErasedKeys } from './erased-keys';
import { appendErasedList, type ErasedKey, erasedListFile, readErasedList } from './erased-list';
import type { KeySeeds } from './key-seeds';
import type { KeyStoreConnection } from './key-store-connection';
import type { PendingErasure } from './keys';
import type { UnfinishedErasures } from './unfinished-erasures';

/** Of whom nothing personal is to stay. */
const ALL = personalClasses;
const CONTENT_ONLY: ReadonlyArray<PersonalClass> = ['content'];

/** Destroys keys for good, in the key store and, whichever copy of it is put back, by the list beside it. */
export class KeyEraser {
  constructor(
    private readonly connection: KeyStoreConnection,
    private readonly seeds: KeySeeds,
    private readonly erased: ErasedKeys,
    private readonly unfinished: UnfinishedErasures,
    private readonly now: () => number,
  ) {}

  /**
   * Destroys the keys of these parties and notes what is pending, in one transaction; then exports the list.
   * @param contentOnly those among them whose key of free text goes, and no other
   * @param expiredAt until when their text is gone; null: until now
   */
  erase(
    partyIds: ReadonlyArray<string>,
    pending: PendingErasure | null,
    contentOnly: ReadonlyArray<string>,
    expiredAt: number | null,
  ): void {
    const destroyed: ErasedKey[] = [];
    const ofContent = new Set(contentOnly);
    const now = this.now();
    const until = Math.min(now, expiredAt ?? now);
    this.connection.write(() => {
      const isBegun = pending !== null && !this.unfinished.note(pending);
      for (const partyId of new Set(partyIds)) {
        if (!ofContent.has(partyId)) destroyed.push(...this.erased.destroy(partyId, ALL, now));
        // What was said since the erasure began is under a key of its own, which is none of its concern.
        else if (!isBegun) destroyed.push(...this.erased.destroy(partyId, CONTENT_ONLY, until));
      }
      this.seeds.removeAll();
    });
    this.seeds.inHand = null;
    appendErasedList(erasedListFile(this.connection.file), destroyed);
  }

  /** The list beside the key store and the one in it say the same, whichever of the two was restored. */
  eraseAgain(): void {
    const file = erasedListFile(this.connection.file);
    const listed = readErasedList(file);
    const known = new Set(this.erased.all().map(({ kid }) => kid));
    const missing = listed.filter(({ kid }) => !known.has(kid));
    if (missing.length > 0) {
      this.connection.write(() => {
        for (const key of missing) this.erased.bury(key);
        // Erased for good, whatever keys were made while the list was away.
        for (const { partyId, class: keyClass } of missing)
          if (keyClass === 'identity') this.erased.destroy(partyId, ALL, this.now());
        this.seeds.removeAll();
      });
      this.connection.forgetBytes();
    }
    const exported = new Set(listed.map(({ kid }) => kid));
    appendErasedList(
      file,
      this.erased.all().filter(({ kid }) => !exported.has(kid)),
    );
  }
}
