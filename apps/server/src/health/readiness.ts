import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { AFECTO } from '../request/afecto';

/** Whoever asks for readiness asks again soon: a store on a server has this long to answer, in milliseconds. */
const ANSWER_MS = 1_500;
const LATE = 'the event store does not answer';

/** What readiness looks at. */
interface Looked {
  readonly store: Pick<Afecto['store'], 'head'>;
  readonly projections: Pick<Afecto['projections'], 'position' | 'caughtUp'>;
}

/** Whether requests should be sent here. */
@Injectable()
export class Readiness {
  private closing = false;

  constructor(@Inject(AFECTO) private readonly afecto: Looked) {}

  /** From now on no new request is taken. */
  close(): void {
    this.closing = true;
  }

  get isClosing(): boolean {
    return this.closing;
  }

  /** What stands in the way; null when nothing does. */
  async obstacle(): Promise<string | null> {
    const { store, projections } = this.afecto;
    if (this.closing) return 'the service is shutting down';
    const before = projections.position();
    const unanswered = await Promise.race([
      store.head().then(
        () => null,
        () => 'the event store cannot be read',
      ),
      pause(ANSWER_MS, LATE, { ref: false }),
    ]);
    // In a flood the question waits its turn behind appends: what is projected meanwhile came from the log.
    const goesOn = unanswered === LATE && projections.position() > before;
    if (unanswered !== null && !goesOn) return unanswered;
    return projections.caughtUp() ? null : 'the projections have not caught up yet';
  }
}
